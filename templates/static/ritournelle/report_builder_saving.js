// Saving a report, also as a copy.

import { BuilderSaving } from "./builder_saving.js";

export class Saving extends BuilderSaving {
  built() {
    const { report, places } = this.builder.written();
    return { json: report, places, input: "definition" };
  }

  tellErrors(errors, places) {
    this.builder.tellErrors(errors, places);
  }

  show({ name }) {
    document.querySelector("[data-report-name]").textContent = name;
  }

  focusFirstWrong() {
    this.page.querySelector("[aria-invalid=true]")?.focus();
  }
}
