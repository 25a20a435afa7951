// Saving what a builder built, without leaving the page: what could not be saved stays as it is, with what is wrong at
// its place. Who builds on this says what is `built`: its JSON and where each part of it stands, and the input it goes in.

import { element } from "./segment_editor_parts.js";

export class BuilderSaving {
  constructor(page, builder) {
    Object.assign(this, { page, builder });
    this.form = page.querySelector("[data-form]");
    this.kept = this.state();
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.save(event.submitter?.name === "copy");
    });
    this.form.addEventListener("input", () => this.changed());
    page.querySelector("[data-notice-close]").addEventListener("click", () => this.notice(""));
    addEventListener("beforeunload", (event) => this.isDirty() && event.preventDefault());
  }

  get mayWrite() {
    return "maySave" in this.page.dataset;
  }

  state() {
    const { name, description } = this.form.elements;
    return JSON.stringify([name.value.trim(), description.value.trim(), this.built().json]);
  }

  isDirty() {
    return this.mayWrite && this.state() !== this.kept;
  }

  changed() {
    if (this.mayWrite) this.say(this.isDirty() ? this.builder.words.unsaved : "");
  }

  async save(isCopy = false) {
    if (this.isSaving || !this.mayWrite) return;
    this.isSaving = true;
    this.notice("");
    this.say(this.builder.words.saving);
    const sent = this.state();
    const { json, places, input } = this.built();
    const answer = await this.send({ [input]: JSON.stringify(json), ...(isCopy && { copy: "1" }) });
    this.isSaving = false;
    if (answer.url) return this.leave(answer.url);
    if (answer.ok) return this.done(answer, sent);
    this.say("");
    return this.refuse(answer, places);
  }

  async send(own) {
    const body = new URLSearchParams(new FormData(this.form));
    for (const [name, value] of Object.entries(own)) body.set(name, value);
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
    this.tellErrors({});
    this.show(answer);
    this.say(this.isDirty() ? this.builder.words.unsaved : answer.message);
  }

  refuse({ failed, stale, revision, fields = {}, errors = {} }, places) {
    this.tellFields(fields);
    this.tellErrors(errors, places);
    if (failed) return this.notice(failed);
    if (stale) return this.tellStale(stale, revision);
    this.focusFirstWrong();
    return this.say(this.builder.words.notSavedMend);
  }

  tellFields(fields) {
    for (const line of this.form.querySelectorAll("[data-field-error]")) {
      const words = fields[line.dataset.fieldError] ?? "";
      line.textContent = words;
      const field = this.form.elements[line.dataset.fieldError];
      if (words) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
  }

  tellStale(words, revision) {
    const { saveAnyway, seeTheirs, staleKept } = this.builder.words;
    const again = () => {
      this.form.elements.seen.value = revision;
      this.save();
    };
    this.notice(`${words} ${staleKept}`, [
      element("button", { type: "button", class: "rt-button", on: { click: again } }, saveAnyway),
      element("a", { class: "rt-link", href: location.pathname, target: "_blank", rel: "noopener" }, seeTheirs),
    ]);
  }

  notice(words, acts = []) {
    const notice = this.page.querySelector("[data-notice]");
    if (!words && notice.contains(document.activeElement)) this.page.querySelector("[data-save]").focus();
    notice.hidden = !words;
    notice.querySelector("[data-notice-text]").textContent = words;
    notice.querySelector("[data-notice-acts]").replaceChildren(...acts);
  }

  say(words) {
    this.page.querySelector("[data-said]").textContent = words;
  }
}
