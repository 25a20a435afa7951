// Saving a segment, with its versions beside it.

import { BuilderSaving } from "./builder_saving.js";

export class Saving extends BuilderSaving {
  constructor(page, builder) {
    super(page, builder);
    this.form.addEventListener("keydown", (event) => this.enter(event));
  }

  // Enter in a condition asks for nothing; in the name it saves, as in every form.
  enter(event) {
    if (event.key === "Enter" && event.target.matches("[data-tree] input, [data-why-search]")) event.preventDefault();
  }

  built() {
    return { ...this.builder.editor.written(), input: "tree" };
  }

  tellErrors(errors, places) {
    this.builder.editor.tellErrors(errors, places);
  }

  show({ versions }) {
    this.page.querySelector("[data-versions]").innerHTML = versions;
  }

  focusFirstWrong() {
    const wrong = this.form.querySelector("[aria-invalid=true]:not([data-tree] *)");
    if (wrong) wrong.focus();
    else this.builder.editor.focusFirstError();
  }
}
