// Saving without leaving the page: what could not be saved stays as it is, with what is wrong at its place.

import { element } from "./segment_editor_parts.js";

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
    this.form.addEventListener("input", () => this.changed());
    this.form.addEventListener("keydown", (event) => this.enter(event));
    page.querySelector("[data-notice-close]").addEventListener("click", () => this.notice(""));
    addEventListener("beforeunload", (event) => this.isDirty() && event.preventDefault());
  }

  get mayWrite() {
    return "maySave" in this.page.dataset;
  }

  state() {
    const { name, description } = this.form.elements;
    return JSON.stringify([name.value.trim(), description.value.trim(), this.builder.editor.json]);
  }

  isDirty() {
    return this.mayWrite && this.state() !== this.kept;
  }

  changed() {
    if (!this.mayWrite) return;
    this.say(this.isDirty() ? this.builder.words.unsaved : "");
  }

  // Enter in a condition asks for nothing; in the name it saves, as in every form.
  enter(event) {
    if (event.key === "Enter" && event.target.matches("[data-tree] input, [data-why-search]")) event.preventDefault();
  }

  async save() {
    if (this.isSaving || !this.mayWrite) return;
    this.isSaving = true;
    this.notice("");
    this.say(this.builder.words.saving);
    const sent = this.state();
    const { json, places } = this.builder.editor.written();
    const answer = await this.send(json);
    this.isSaving = false;
    if (answer.url) return this.leave(answer.url);
    if (answer.ok) return this.done(answer, sent);
    this.say("");
    this.refuse(answer, places);
  }

  async send(json) {
    const body = new URLSearchParams(new FormData(this.form));
    body.set("tree", JSON.stringify(json));
    try {
      const headers = { Accept: "application/json" };
      const answer = await fetch(this.form.action, { method: "POST", body, headers, redirect: "manual", signal: AbortSignal.timeout(20000) });
      if (answer.type === "opaqueredirect") return { ok: false, failed: this.builder.words.signedOutSave };
      return { ok: answer.ok, ...(await answer.json()) };
    } catch {
      return { ok: false, failed: this.builder.words.notSaved };
    }
  }

  leave(url) {
    this.kept = this.state();
    location.assign(url);
  }

  done(answer, sent) {
    this.kept = sent;
    this.form.elements.seen.value = answer.revision;
    this.tellFields({});
    this.builder.editor.tellErrors({});
    this.page.querySelector("[data-versions]").innerHTML = answer.versions;
    this.say(this.isDirty() ? this.builder.words.unsaved : answer.message);
  }

  refuse({ failed, stale, revision, fields = {}, errors = {} }, places) {
    this.tellFields(fields);
    this.builder.editor.tellErrors(errors, places);
    if (failed) return this.notice(failed);
    if (stale) return this.tellStale(stale, revision);
    const wrong = this.form.querySelector("[aria-invalid=true]:not([data-tree] *)");
    if (wrong) wrong.focus();
    else this.builder.editor.focusFirstError();
    this.say(this.builder.words.notSavedMend);
  }

  tellFields(fields) {
    for (const line of this.form.querySelectorAll("[data-error-of]")) {
      const words = fields[line.dataset.errorOf] ?? "";
      line.textContent = words;
      const field = this.form.elements[line.dataset.errorOf];
      if (words) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
  }

  tellStale(words, revision) {
    const { saveAnyway, seeTheirs } = this.builder.words;
    const again = () => {
      this.form.elements.seen.value = revision;
      this.save();
    };
    this.notice(`${words} ${this.builder.words.staleKept}`, [
      element("button", { type: "button", class: "rt-button", on: { click: again } }, saveAnyway),
      element("a", { class: "rt-link", href: location.pathname, target: "_blank", rel: "noopener" }, seeTheirs),
    ]);
  }

  notice(words, acts = []) {
    const notice = this.page.querySelector("[data-notice]");
    if (!words && notice.contains(document.activeElement)) this.form.querySelector("[data-save]").focus();
    notice.hidden = !words;
    notice.querySelector("[data-notice-text]").textContent = words;
    notice.querySelector("[data-notice-acts]").replaceChildren(...acts);
  }

  say(words) {
    this.page.querySelector("[data-said]").textContent = words;
  }
}
