// Taking home what stands in the builder, as a file, without leaving it: what was built is still here afterwards, and a
// file that cannot be made says why. Without the script the form is sent as it is.

import { element } from "./segment_editor_parts.js";

export class Files {
  // `report()` is what stands there now and `name()` its name, `say(words)` tells how far it is, `fail(words)` what went wrong.
  constructor(page, { words, report, name, say, fail }) {
    Object.assign(this, { words, report, name, say, fail });
    page.addEventListener("submit", (event) => this.submit(event));
  }

  submit(event) {
    const form = event.target;
    if (!form.matches("[data-export]")) return;
    event.preventDefault();
    form.querySelector("[data-definition]").value = JSON.stringify(this.report());
    const body = new FormData(form);
    body.set("name", this.name());
    this.fetch(event.submitter?.getAttribute("formaction") ?? form.action, body);
  }

  async fetch(address, body) {
    if (this.isFetching) return;
    this.isFetching = true;
    this.say(this.words.writing);
    try {
      const answer = await fetch(address, { method: "POST", body, redirect: "manual" });
      if (!answer.ok) throw new Error(answer.status);
      save(await answer.blob(), nameOf(answer));
      this.say("");
    } catch {
      this.say("");
      this.fail(this.words.noFile);
    }
    this.isFetching = false;
  }
}

function save(blob, name) {
  const href = URL.createObjectURL(blob);
  const link = element("a", { href, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(href), 60000);
}

function nameOf(answer) {
  const told = answer.headers.get("Content-Disposition") ?? "";
  const encoded = told.match(/filename\*=utf-8''([^;]+)/i)?.[1];
  return encoded ? decodeURIComponent(encoded) : (told.match(/filename="([^"]+)"/)?.[1] ?? "report");
}
