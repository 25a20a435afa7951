// Why is somebody in, or not: a person is searched and chosen, and the tree as it stands now is asked about them.

import { later } from "./segment_editor_parts.js";

export class Why {
  constructor(page, { json }) {
    this.page = page;
    this.json = json;
    this.part = page.querySelector("[data-why-part]");
    this.search = this.part.querySelector("[data-why-search]");
    this.answer = this.part.querySelector("[data-why-answer]");
    this.part.hidden = false;
    const soon = later(250, () => this.ask({ q: this.search.value }));
    this.search.addEventListener("input", soon);
    this.answer.addEventListener("click", (event) => {
      const chosen = event.target.closest("[data-why-contact]");
      if (!chosen || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.of({ id: chosen.dataset.whyContact, name: chosen.textContent }).then(() => this.answer.querySelector("a")?.focus());
    });
  }

  of({ id, name }) {
    this.search.value = name;
    this.part.scrollIntoView({ block: "nearest" });
    return this.ask({ contact: id });
  }

  async ask(asked) {
    this.asking?.abort();
    this.asking = new AbortController();
    const token = this.page.querySelector("[name=csrfmiddlewaretoken]").value;
    const body = new URLSearchParams({ ...asked, tree: JSON.stringify(this.json()), csrfmiddlewaretoken: token });
    try {
      const answer = await fetch(this.page.dataset.why, { method: "POST", body, signal: this.asking.signal, redirect: "error" });
      if (answer.ok) this.answer.innerHTML = await answer.text();
    } catch {
      // given up for a newer question, or no network, which the count tells of
    }
  }
}
