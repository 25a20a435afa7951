// The line of filters: the two days are shown where days are chosen, and a choice is a new question at once.
"use strict";

for (const choice of document.querySelectorAll("[data-rt-period]")) {
  const days = [...choice.form.querySelectorAll("[data-rt-custom]")];
  const show = () => days.forEach((label) => { label.hidden = choice.value !== "custom"; });
  show();
  choice.addEventListener("change", show);
}
for (const choice of document.querySelectorAll("form[data-rt-at-once] select")) {
  choice.addEventListener("change", () => { if (choice.value !== "custom") choice.form.requestSubmit(); });
}
