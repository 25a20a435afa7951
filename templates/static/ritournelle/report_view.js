// A saved report: copying its link, and choosing its days, which is a new question at once.

for (const button of document.querySelectorAll("[data-copy]")) {
  const words = button.querySelector("[data-copy-words]");
  const before = words.textContent;
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    words.textContent = button.dataset.copied;
    document.querySelector("[data-announce]").textContent = button.dataset.copied;
    setTimeout(() => (words.textContent = before), 2000);
  });
}

const form = document.querySelector("[data-days-form]");
if (form) {
  const { span } = form.elements;
  const show = () => {
    for (const label of form.querySelectorAll("[data-chosen]")) label.hidden = span.value !== "custom";
    form.querySelector("[data-of]").hidden = ["", "all"].includes(span.value);
  };
  show();
  form.addEventListener("change", (event) => {
    show();
    if (event.target.matches("select") && span.value !== "custom") form.requestSubmit();
  });
  // an address says no more than it has to
  form.addEventListener("submit", () => {
    const needs = { of: !["", "all"].includes(span.value), from: span.value === "custom", to: span.value === "custom", span: span.value !== "" };
    for (const [name, isNeeded] of Object.entries(needs)) form.elements[name].disabled = !isNeeded;
  });
  addEventListener("pageshow", () => { for (const field of form.elements) field.disabled = false; });
}
