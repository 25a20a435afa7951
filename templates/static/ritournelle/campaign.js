// Writing an e-mail: an editor for its text, tags to be inserted, and how it reads, which the server says a moment after
// each change. Without this file the page is a form, and the text is written as HTML.

import { openChooser } from "./segment_editor_chooser.js";
import { element, icon, later } from "./segment_editor_parts.js";

// What the editor would lose of what somebody wrote as HTML.
const BEYOND_EDITOR = /<(table|style|img|center|font|hr|section|header|footer|dl|figure|h[3-6])\b|<[^>]*\s(class|style|align|dir|id)=/i;

class Page {
  constructor(form) {
    this.form = form;
    this.words = form.dataset;
    this.tags = JSON.parse(document.getElementById("campaign-tags").textContent);
    this.frame = form.querySelector("[data-frame]");
    this.soon = later(400, () => this.show());
    this.listen();
    for (const place of form.querySelectorAll("[data-body]")) new Body(place, this);
    this.addTagButton();
    this.show();
  }

  get mayEdit() {
    return Boolean(this.form.querySelector(".cm-bar"));
  }

  listen() {
    const { form } = this;
    form.addEventListener("input", (event) => this.changed(event.target));
    form.addEventListener("change", (event) => this.changed(event.target));
    form.addEventListener("focusin", (event) => event.target.matches("[data-tags-here], trix-editor") && (this.place = event.target));
    form.addEventListener("keydown", (event) => event.key === "%" && setTimeout(() => this.offer(event.target)));
    form.querySelector("[data-narrow]").addEventListener("change", (event) => this.frame.classList.toggle("is-narrow", event.target.checked));
    form.querySelector("[data-test-button]")?.addEventListener("click", (event) => this.test(event));
    form.querySelector("[data-links-button]")?.addEventListener("click", (event) => this.visit(event));
    form.addEventListener("submit", () => (this.isDirty = false));
    addEventListener("beforeunload", (event) => this.isDirty && event.preventDefault());
  }

  changed(target) {
    if (target.matches("[data-narrow]")) return;
    const isOfPreview = target.matches("[name=q], [name=contact], [name=payment], [name=language], [name=dark]");
    if (!isOfPreview) this.isDirty = true;
    if (target.matches("[name=q]")) this.choose(target);
    if (target.matches("[data-language] input:not([type=checkbox]), [data-language] textarea")) this.isThere(target);
    this.soon();
  }

  // Who writes a translation means it.
  isThere(target) {
    const place = target.closest("[data-language]");
    const box = place.querySelector(`[name="translations.${place.dataset.language}"]`);
    if (target.value && !box.checked) box.checked = true;
  }

  choose(input) {
    const chosen = [...this.form.querySelectorAll("#cm-people option")].find((one) => one.value === input.value);
    this.form.elements.contact.value = chosen?.dataset.name ?? (input.value ? this.form.elements.contact.value : "");
    if (chosen || !input.value) this.form.elements.payment.replaceChildren();
  }

  // ---- how it reads

  async show() {
    this.asking?.abort();
    this.asking = new AbortController();
    const told = await this.post(this.words.preview, this.asking.signal).catch(() => null);
    if (told) this.tell(told);
  }

  async post(address, signal) {
    const answer = await fetch(address, { method: "POST", body: new FormData(this.form), signal, redirect: "error", headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.json();
  }

  tell({ people, contact, payments, payment, head, html, text, findings }) {
    const { form } = this;
    form.querySelector("#cm-people").replaceChildren(...people.map((one) => element("option", { value: one.label, "data-name": one.name })));
    form.querySelector("[data-for]").textContent = `${contact.label}${head.to ? ` · ${head.to}` : ""}`;
    form.querySelector("[data-payments]").hidden = payments.length < 2;
    form.elements.payment.replaceChildren(...payments.map((one) => element("option", { value: one.name, selected: one.name === payment }, one.label)));
    form.querySelector("[data-head]").hidden = !head.subject;
    for (const place of form.querySelectorAll("[data-head-of]")) {
      place.textContent = head[place.dataset.headOf];
      place.parentElement.hidden = !head[place.dataset.headOf];
    }
    if (this.shown !== html) this.frame.srcdoc = this.shown = html;
    form.querySelector("[data-plain]").textContent = text;
    this.tellFindings(findings);
  }

  tellFindings(findings) {
    const rows = findings.map(({ words, prevents }) => this.finding(prevents ? "error" : "info", words, prevents ? "is-bad" : ""));
    if (!findings.some(({ prevents }) => prevents)) rows.unshift(this.finding("check_circle", this.words.wordsReady, "is-good"));
    this.form.querySelector("[data-findings]").replaceChildren(...rows);
    for (const place of this.form.querySelectorAll("[data-error-of]")) {
      const found = findings.find(({ path, prevents }) => prevents && path === place.dataset.errorOf);
      // that nothing is written yet is said once, in the list
      place.textContent = found && this.form.elements[place.dataset.errorOf]?.value ? found.words : "";
    }
  }

  finding(sign, words, kind) {
    return element("li", { class: kind }, icon(sign), element("span", {}, words));
  }

  async test(event) {
    event.preventDefault();
    const said = this.form.querySelector("[data-said]");
    const told = await this.post(this.words.test).catch(() => ({ said: this.words.wordsFailed }));
    said.textContent = told.said;
  }

  async visit(event) {
    event.preventDefault();
    const said = this.form.querySelector("[data-visited]");
    said.textContent = this.words.wordsVisiting;
    const told = await this.post(this.words.links).catch(() => ({ said: this.words.wordsFailed }));
    said.textContent = told.said;
  }

  // ---- tags

  addTagButton() {
    if (!this.mayEdit) return;
    const button = element("button", { type: "button", class: "rt-button" }, icon("data_object"), this.words.wordsInsert);
    button.addEventListener("click", () => this.pick(button));
    this.form.querySelector("[data-tag-place]").append(button);
  }

  // Who types % before a word may mean a tag, and who types it behind a number does not. Without a choice it stays, with
  // what was typed after it.
  offer(place) {
    if (!this.mayEdit || !place.matches("[data-tags-here], trix-editor")) return;
    const end = place.editor ? place.editor.getSelectedRange()[0] : place.selectionStart;
    const before = (place.editor ? place.editor.getDocument().toString() : place.value).slice(0, end);
    if (!/(^|[\s(>"'«„“])%$/.test(before) || /\d\s*%$/.test(before)) return;
    this.place = place;
    this.pick(place, {
      instead() {
        if (place.editor) place.editor.setSelectedRange([end - 1, end]);
        else place.setSelectionRange(end - 1, end);
      },
      leave: (typed) => typed && this.insert(typed),
    });
  }

  pick(opener, { instead, leave } = {}) {
    const names = [...new Set(this.tags.map((one) => one.group))];
    const groups = names.map((name) => ({ name, label: name }));
    const words = { fields: this.words.wordsInsert, searchFields: this.words.wordsSearch, noField: this.words.wordsNothing };
    openChooser(opener, { name: "cm-tags", language: { groups, available: true }, subjects: this.tags, words, leave, choose: ({ name }) => this.insert(written(name), instead) });
  }

  insert(tag, instead) {
    const place = this.place ?? this.form.querySelector("trix-editor, [data-tags-here]");
    place.focus();
    instead?.();
    if (place.editor) {
      place.editor.insertString(tag);
      return;
    }
    place.setRangeText(tag, place.selectionStart, place.selectionEnd, "end");
    place.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function written(name) {
  return name.endsWith(".line_items") ? `{% for item in ${name} %}{{ item.name }}{% unless forloop.last %}, {% endunless %}{% endfor %}` : `{{ ${name} }}`;
}

// The text of an e-mail: as one reads it, or as HTML where somebody wants that or the editor would lose some of it.
class Body {
  constructor(place, page) {
    Object.assign(this, { place, page, html: place.querySelector("[data-html]") });
    this.label = place.querySelector("[data-body-label]");
    this.button = element("button", { type: "button", class: "rt-button", "data-as": "" }, "");
    this.button.addEventListener("click", () => (this.editor ? this.asHtml() : this.asText()));
    if (!page.mayEdit) return;
    this.html.after(this.button);
    page.form.addEventListener("change", (event) => event.target.matches("[name=form]") && this.fit());
    this.fit();
  }

  get isDesigned() {
    return this.page.form.querySelector("[name=form]:checked")?.value !== "html";
  }

  fit() {
    if (this.isDesigned && !BEYOND_EDITOR.test(this.html.value)) this.asText();
    else this.asHtml();
  }

  asText() {
    if (this.editor || !this.isDesigned) return;
    const input = element("input", { type: "hidden", id: `${this.html.id}-rich`, value: this.html.value });
    this.editor = element("trix-editor", { input: input.id, "aria-labelledby": this.labelId(), "aria-describedby": this.html.getAttribute("aria-describedby") });
    this.editor.addEventListener("trix-file-accept", (event) => event.preventDefault());
    this.editor.addEventListener("trix-change", () => this.take(inParagraphs(input.value)));
    this.html.hidden = true;
    this.html.before(input, this.editor);
    this.button.textContent = this.page.words.wordsAsHtml;
  }

  asHtml() {
    if (this.editor) {
      document.getElementById(this.editor.getAttribute("toolbar") ?? this.editor.toolbarElement?.id ?? "")?.remove();
      this.editor.toolbarElement?.remove();
      document.getElementById(this.editor.getAttribute("input"))?.remove();
      this.editor.remove();
      this.editor = null;
    }
    this.html.hidden = false;
    this.button.textContent = this.page.words.wordsAsText;
    this.button.hidden = !this.isDesigned;
  }

  labelId() {
    this.label.id ||= `${this.html.id}-label`;
    return this.label.id;
  }

  take(html) {
    if (html === this.html.value) return;
    this.html.value = html;
    this.html.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

// Two ends of line are what somebody types between paragraphs, and what the editor keeps as they are.
function inParagraphs(html) {
  const split = (_whole, inner) => inner.split(/(?:<br>\s*){2,}/).map((one) => `<p>${one}</p>`).join("");
  return html.replace(/<p>(.*?)<\/p>/gs, split);
}

// Each paragraph is one of its own, there is a second heading, and the toolbar speaks the reader's language.
function learn({ blockAttributes, toolbar }) {
  Object.assign(blockAttributes.default, { tagName: "p", breakOnReturn: true });
  blockAttributes.heading2 = { tagName: "h2", terminal: true, breakOnReturn: true, group: false };
  toolbar.getDefaultHTML = () => document.getElementById("trix-toolbar").innerHTML;
}

const form = document.querySelector("[data-campaign]");
if (form) {
  learn(window.Trix.config);
  new Page(form);
}
