// The panel of the chosen trigger or step: what is set there, and what is wrong with it.

import { field } from "./flow_fields.js";
import { element, icon, iconButton } from "./segment_editor_parts.js";

export class Panel {
  constructor(place, { description, words, editorWords, suggestions, act, announce }) {
    Object.assign(this, { place, description, words, editorWords, suggestions, act, announce });
    this.kept = new Map();
    place.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || place.querySelector(":popover-open")) return;
      event.preventDefault();
      act.close();
    });
  }

  show(part, kind, { hasPayment, mayEdit }) {
    this.clear();
    const { words } = this;
    this.part = part;
    this.lines = new Map();
    const title = element("h2", { id: "fb-panel-title" }, kind.label);
    const head = element("header", { class: "fb-panel-head" }, icon(kind.icon), title, iconButton("close", words.close, { on: { click: () => this.act.close() }, "data-k": "panel:close" }));
    const rows = kind.options.map((option) => field(this.own(option, part, hasPayment)));
    const body = element("div", { class: "fb-panel-body" }, element("p", { class: "fl-card-error fb-whole" }), rows.length ? rows : element("p", { class: "fb-hint" }, words.noOptions));
    this.whole = body.firstChild;
    const foot = mayEdit && element("footer", { class: "fb-panel-foot" }, this.button("content_copy", words.duplicate, "duplicate"), this.button("delete", words.remove, "remove"));
    const fields = element("fieldset", { class: "fb-field", disabled: !mayEdit }, body);
    this.place.replaceChildren(head, fields, ...(foot ? [foot] : []));
    this.place.hidden = false;
  }

  button(sign, label, act) {
    return element("button", { type: "button", class: "rt-button", "data-k": `panel:${act}`, on: { click: () => this.act[act](this.part.id) } }, icon(sign), label);
  }

  own(option, part, hasPayment) {
    const { description, words, editorWords, suggestions, announce } = this;
    return {
      option,
      part,
      id: part.id,
      value: part[option.name],
      now: () => this.act.valueOf(part.id, option.name),
      set: (value, how = {}) => this.act.set(part.id, option.name, value, how),
      keep: (editor) => this.kept.set(option.name, editor),
      error: (below = "") => this.line(`${option.name}${below}`),
      hasPayment,
      description,
      words,
      editorWords,
      suggestions,
      announce,
    };
  }

  line(name) {
    const line = element("span", { class: "fl-error", "data-error-of": name });
    this.lines.set(name, line);
    return line;
  }

  // Say what is wrong, by the path within the part; what is wrong within conditions stands there.
  tell(errors) {
    for (const line of this.lines?.values() ?? []) line.textContent = "";
    const inside = new Map([...this.kept.keys()].map((name) => [name, {}]));
    const whole = [];
    for (const [path, words] of Object.entries(errors)) {
      const name = /^\w+/.exec(path)?.[0] ?? "";
      const editor = inside.get(name);
      if (editor && path !== name) editor[path.slice(name.length).replace(/^\./, "")] = words;
      else if (this.lines.has(path)) this.lines.get(path).textContent = words;
      else if (this.lines.has(name)) this.lines.get(name).textContent = words;
      else whole.push(words);
    }
    for (const [name, editor] of this.kept) editor.tellErrors(inside.get(name));
    if (this.whole) this.whole.textContent = whole.join(" ");
  }

  hide() {
    this.clear();
    this.place.hidden = true;
    this.place.replaceChildren();
  }

  clear() {
    for (const editor of this.kept.values()) editor.destroy();
    this.kept.clear();
    this.part = null;
  }
}
