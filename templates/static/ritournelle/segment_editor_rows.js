// The tree as it is shown: rows of conditions in groups and frames, each with what can be done with it.

import { markWrong } from "./segment_editor_errors.js";
import { element, icon, iconButton, fill, select } from "./segment_editor_parts.js";
import { ROOT } from "./segment_editor_tree.js";
import { valueInputs } from "./segment_editor_values.js";

export class Rows {
  // `name` is the editor's, which begins all ids.
  constructor({ name, language, words, suggestions, act }) {
    Object.assign(this, { name, language, words, suggestions, act });
  }

  draw(tree, errors) {
    this.errors = errors;
    const { words } = this;
    const inside = tree.ofPayment;
    const lead = element("span", { class: "sb-lead" }, inside ? words.leadPayments : words.lead);
    const head = element("div", { class: "sb-group-head" }, inside && icon("autorenew"), lead, this.joint(tree));
    return element("div", { class: "sb-root", "data-id": ROOT }, head, this.wrong(tree), this.parts(tree, inside), this.adders(tree, inside));
  }

  part(one, inside, position) {
    const link = position.index ? element("span", { class: "sb-link" }, position.word) : null;
    const row = { condition: () => this.condition(one, inside), group: () => this.group(one, inside), frame: () => this.frame(one) }[one.type]();
    return element("li", { class: `sb-part sb-is-${one.type}`, "data-id": one.id }, link, row);
  }

  parts(group, inside) {
    const word = this.between(group);
    const rows = group.parts.map((part, index) => this.part(part, inside, { index, word }));
    if (!rows.length) rows.push(element("li", { class: "sb-empty rt-muted" }, this.emptyWords(group)));
    return element("ol", { class: "sb-parts", role: "list", "data-parts": group.id }, rows);
  }

  emptyWords(group) {
    if (group.id === ROOT && !group.ofPayment) return this.words.everybody;
    return group.type === "frame" || group.ofPayment ? this.words.anyPayment : this.words.emptyGroup;
  }

  condition(one, inside) {
    const subject = this.language.subject(one);
    const choose = element(
      "button",
      { type: "button", class: "sb-subject", "data-act": "subject", "data-k": `${one.id}:subject`, "aria-haspopup": "dialog", title: subject.label },
      element("span", {}, subject.label),
      icon("expand_more"),
    );
    const operators = this.language.operators(one).map(({ name, label }) => ({ name, label }));
    const operator = select(operators, one.op, {
      class: "rt-input sb-operator",
      "aria-label": fill(this.words.operator, { field: subject.label }),
      "data-k": `${one.id}:op`,
      on: { change: (event) => this.act.operator(one.id, event.target.value) },
    });
    const cells = element("div", { class: "sb-cells" }, choose, operator, this.values(one, inside));
    const row = element("div", { class: "sb-row" }, this.handle(), cells, this.tools(one, subject.label));
    const wrong = this.wrong(one);
    if (!wrong.hidden) for (const field of row.querySelectorAll("[data-value], .sb-operator")) markWrong(field, wrong.id);
    const span = element("p", { class: "sb-span rt-muted", "data-span": one.id }, this.act.span(one.id));
    return element("div", { class: "sb-condition" }, row, span, wrong);
  }

  values(one, inside) {
    const inputs = valueInputs(one, {
      language: this.language,
      words: this.words,
      suggestions: this.suggestions,
      typed: (value, how) => this.act.typed(one.id, value, how),
    });
    return element("span", { class: "sb-values" }, inputs, inside && this.currency(one));
  }

  // Draw anew what hangs on a part's lists: the inputs of an operator, the number of a scope, the words between parts.
  refresh(place, { node: one, inside }) {
    const part = place.querySelector(`[data-id="${CSS.escape(one.id)}"]`);
    if (one.type === "condition") return part.querySelector(".sb-values").replaceWith(this.values(one, inside));
    const number = part.querySelector(`[data-k="${CSS.escape(one.id)}:number"]`);
    if (number) number.hidden = !this.isCounted(one);
    const words = part.querySelectorAll(`[data-parts="${CSS.escape(one.id)}"] > li > .sb-link`);
    for (const word of words) word.textContent = this.between(one);
    return undefined;
  }

  isCounted(one) {
    return this.language.scopes.find((scope) => scope.name === one.scope)?.counted ?? false;
  }

  between({ joint }) {
    return this.words[joint === "all" || joint === "not_all" ? "and" : "or"];
  }

  // An amount is of the payment's own currency, so the next question is which.
  currency(one) {
    if (this.language.subject(one).kind !== "amount" || this.act.hasCurrency(one.id)) return null;
    return element("button", { type: "button", class: "sb-hint", "data-act": "currency", "data-k": `${one.id}:currency`, "aria-label": this.words.chooseCurrency, title: this.words.chooseCurrency }, this.words.currency);
  }

  group(one, inside) {
    const name = this.words.group;
    const head = element("div", { class: "sb-group-head" }, this.handle(), this.joint(one), this.tools(one, name));
    return element("div", { class: "sb-group", role: "group", "aria-label": name }, head, this.wrong(one), this.parts(one, inside), this.adders(one, inside));
  }

  frame(one) {
    const { words, language } = this;
    const scopes = select(language.scopesOf(one), one.scope, {
      "aria-label": words.which,
      "data-k": `${one.id}:scope`,
      class: "rt-input sb-scope",
      on: { change: (event) => this.act.scope(one.id, event.target.value) },
    });
    const number = element("input", {
      class: "rt-input sb-short sb-number",
      inputmode: "numeric",
      "aria-label": words.howMany,
      "data-k": `${one.id}:number`,
      autocomplete: "off",
      value: one.number,
      hidden: !this.isCounted(one),
      on: { input: (event) => this.act.number(one.id, event.target.value) },
    });
    const head = element(
      "div",
      { class: "sb-group-head sb-frame-head" },
      this.handle(),
      icon("autorenew"),
      scopes,
      number,
      element("span", { class: "sb-lead" }, words.that),
      this.joint(one),
      this.tools(one, words.frame),
    );
    return element("div", { class: "sb-frame", role: "group", "aria-label": words.frame }, head, this.wrong(one), this.parts(one, true), this.adders(one, true));
  }

  joint(one) {
    return select(this.language.joints, one.joint, {
      class: "rt-input sb-joint",
      "aria-label": this.words.joint,
      "data-k": `${one.id}:joint`,
      on: { change: (event) => this.act.joint(one.id, event.target.value) },
    });
  }

  handle() {
    return element("span", { class: "sb-handle", "data-handle": true, "aria-hidden": "true", title: this.words.drag }, icon("drag_indicator"));
  }

  tools(one, name) {
    return element(
      "span",
      { class: "sb-tools" },
      iconButton("more_vert", fill(this.words.more, { name }), { "data-act": "menu", "data-k": `${one.id}:menu`, "aria-haspopup": "menu" }),
      iconButton("close", fill(this.words.remove, { name }), { "data-act": "remove", "data-k": `${one.id}:remove` }),
    );
  }

  adders(one, inside) {
    const button = (name, label) =>
      element("button", { type: "button", class: "sb-add", "data-act": name, "data-k": `${one.id}:${name}` }, icon("add"), label);
    const offers = this.language.available && !inside;
    return element(
      "div",
      { class: "sb-adders" },
      button("add-condition", this.words.addCondition),
      button("add-group", this.words.addGroup),
      offers && button("add-frame", this.words.addFrame),
    );
  }

  wrong(one) {
    const told = this.errors.of(one.id);
    return element("p", { class: "sb-error", id: `${this.name}-error-${one.id}`, hidden: !told.length, "data-error": one.id }, told.join(" "));
  }
}
