// To whom a campaign goes: the number of people stands beside what is chosen, a moment after each change. Without this
// file it is said before anything is sent.

import { later } from "./segment_editor_parts.js";

const form = document.querySelector("[data-plan]");
const place = form.querySelector("[data-counted]");
let asking = new AbortController();

async function count() {
  asking.abort();
  asking = new AbortController();
  if (!form.querySelector("[name=list]:checked")) {
    place.textContent = place.dataset.nothing;
    return;
  }
  const { signal } = asking;
  place.textContent = place.dataset.counting;
  try {
    const answer = await fetch(form.dataset.count, { method: "POST", body: new FormData(form), signal, redirect: "error" });
    const told = answer.ok ? await answer.json() : null;
    place.textContent = told ? told.said : place.dataset.failed;
  } catch {
    if (!signal.aborted) place.textContent = place.dataset.failed;
  }
}

const soon = later(250, count);
form.addEventListener("change", (event) => {
  // what was confirmed holds for what it was counted for
  form.querySelector(".cm-confirm")?.remove();
  if (event.target.matches("[name=list], [name=segment]")) soon();
  if (event.target.matches("[name=at]") && event.target.value) form.querySelector("[name=when][value=later]").checked = true;
});
form.querySelector("[data-confirm]")?.focus();
