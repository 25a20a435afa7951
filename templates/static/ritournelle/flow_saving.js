// Saving the draft without leaving the page; what could not be saved stays as it is.

export class Saving {
  constructor(page, builder) {
    this.page = page;
    this.builder = builder;
    this.form = page.querySelector("[data-form]");
    this.kept = this.state();
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.save();
    });
    this.form.addEventListener("keydown", (event) => this.enter(event));
    for (const link of page.querySelectorAll("[data-saved-first]")) link.addEventListener("click", (event) => this.leave(event));
    addEventListener("beforeunload", (event) => this.isDirty() && event.preventDefault());
  }

  get maySave() {
    return "maySave" in this.page.dataset;
  }

  state() {
    return JSON.stringify(this.builder.flow);
  }

  isDirty() {
    return this.maySave && this.state() !== this.kept;
  }

  changed() {
    if (this.maySave) this.say(this.isDirty() ? this.builder.words.unsaved : "");
  }

  // Enter in an input of the panel saves nothing.
  enter(event) {
    if (event.key === "Enter" && event.target.matches("input:not([type=submit])")) event.preventDefault();
  }

  async save() {
    if (this.isSaving || !this.maySave) return false;
    this.isSaving = true;
    this.say(this.builder.words.saving);
    const sent = this.state();
    const answer = await this.send(sent);
    this.isSaving = false;
    if (!answer.ok) return this.refused(answer);
    this.kept = sent;
    this.form.elements.seen.value = answer.revision;
    const live = this.page.querySelector("[data-not-live]");
    if (live) live.hidden = answer.is_published;
    this.say(this.isDirty() ? this.builder.words.unsaved : this.builder.words.saved);
    return true;
  }

  async send(draft) {
    const body = new FormData(this.form);
    body.set("draft", draft);
    try {
      const answer = await fetch(this.form.action, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "error" });
      return { ok: answer.ok, ...(await answer.json()) };
    } catch {
      return { ok: false, error: this.builder.words.saveFailed };
    }
  }

  refused({ error, stale, revision }) {
    if (stale) this.form.elements.seen.value = revision;
    this.say(stale ? `${error} ${this.builder.words.stale}` : error);
    return false;
  }

  // What is not saved yet is saved first; what has mistakes is neither published nor tried.
  async leave(event) {
    event.preventDefault();
    if (await this.builder.hasMistakes()) {
      this.say(this.builder.words.mend);
      return this.builder.showFirstMistake();
    }
    if (!this.isDirty() || (await this.save())) location.assign(event.target.closest("a").href);
  }

  say(words) {
    this.page.querySelector("[data-said]").textContent = words;
  }
}
