// The inputs of a condition's value, by the form that its operator asks for and by the kind of its field.

import { BLANK } from "./segment_editor_language.js";
import { element, icon, later, select } from "./segment_editor_parts.js";

// Return the inputs; `typed(value, {isWhole})` is told every change, and whether the row is to be drawn anew.
export function valueInputs(condition, { language, words, suggestions, typed }) {
  const subject = language.subject(condition);
  const form = language.form(condition);
  const value = condition.typed[form] ?? BLANK[form] ?? "";
  const own = { subject, condition, words, language, suggestions, typed };
  return (FORMS[form] ?? single)(own, value);
}

const FORMS = { nothing: () => [], many, range, span, numbered: (own, value) => chosen(own, value, own.subject.choices) };

function single(own, value) {
  const { kind, choices } = own.subject;
  if (choices.length) return chosen(own, value, choices);
  if (kind === "flag") return chosen(own, value, [{ name: "true", label: own.words.yes }, { name: "false", label: own.words.no }]);
  return [input(own, value, "value", own.typed)];
}

function chosen(own, value, choices) {
  const options = [{ name: "", label: own.words.choose }, ...choices];
  return [select(options, value, { ...named(own, "value"), on: { change: (event) => own.typed(event.target.value) } })];
}

function range(own, [from, to]) {
  const ends = [from, to];
  const tell = (index) => (text) => {
    ends[index] = text;
    own.typed([...ends]);
  };
  const [start, end] = [input(own, from, "from", tell(0)), input(own, to, "to", tell(1))];
  return [start, element("span", { class: "rt-muted" }, own.words.and), end];
}

function span(own, { n, unit }) {
  const now = { n, unit };
  const tell = (change) => own.typed({ ...Object.assign(now, change) });
  return [
    element("input", {
      ...named(own, "number"),
      class: "rt-input sb-short",
      inputmode: "numeric",
      value: n,
      autocomplete: "off",
      on: { input: (event) => tell({ n: event.target.value }) },
    }),
    select(own.language.units, unit, { ...named(own, "unit"), on: { change: (event) => tell({ unit: event.target.value }) } }),
  ];
}

// Several values: choices are ticked, anything else is typed one after the other.
function many(own, values) {
  return own.subject.choices.length ? [ticks(own, values)] : [chips(own, values)];
}

function ticks(own, values) {
  const boxes = own.subject.choices.map(({ name, label }) => {
    const box = element("input", { type: "checkbox", "data-k": key(own, `tick-${name}`) });
    box.checked = values.includes(name);
    box.addEventListener("change", () => {
      const ticked = own.subject.choices.map((one) => one.name).filter((one) => (one === name ? box.checked : values.includes(one)));
      own.typed(ticked, { isWhole: true });
    });
    return element("label", { class: "sb-tick" }, box, label);
  });
  return element("span", { class: "sb-ticks", role: "group", "aria-label": label(own, "value") }, boxes);
}

function chips(own, values) {
  const put = (next) => own.typed(next, { isWhole: true });
  const shown = values.map((value, index) =>
    element(
      "span",
      { class: "sb-chip" },
      element("span", {}, value),
      element(
        "button",
        { type: "button", "aria-label": own.words.removeValue.replace("{value}", value), "data-k": key(own, `chip-${index}`), on: { click: () => put(values.toSpliced(index, 1)) } },
        icon("close"),
      ),
    ),
  );
  const add = () => {
    const text = field.value.trim();
    if (text) put(values.includes(text) ? [...values] : [...values, text]);
    return Boolean(text);
  };
  const field = input(own, "", "value", () => {});
  field.placeholder = values.length ? own.words.another : own.words.typeAndEnter;
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      add();
    } else if (event.key === "Backspace" && !field.value && values.length) put(values.slice(0, -1));
  });
  field.addEventListener("change", add);
  return element("span", { class: "sb-chips" }, shown, field);
}

// One input of text, number or day.
function input(own, value, role, tell) {
  const { kind } = own.subject;
  const made = element("input", {
    ...named(own, role),
    class: `rt-input${SHORT.has(kind) ? " sb-short" : ""}`,
    type: kind === "date" ? "date" : "text",
    inputmode: MODES[kind] ?? null,
    min: kind === "date" ? "0001-01-03" : null,
    max: kind === "date" ? "9999-12-29" : null,
    maxlength: kind === "date" ? null : "1000",
    autocomplete: "off",
    spellcheck: "false",
    value,
  });
  made.addEventListener("input", () => tell(made.value));
  if (own.subject.suggests && own.suggestions.url) own.suggestions.help(made, own.subject);
  return made;
}

const MODES = { amount: "decimal", integer: "numeric" };
const SHORT = new Set(["amount", "integer"]);
const key = (own, role) => `${own.condition.id}:${role}`;
const label = (own, role) => own.words[`label${role.charAt(0).toUpperCase()}${role.slice(1)}`].replace("{field}", own.subject.label);
const named = (own, role) => ({ "aria-label": label(own, role), "data-k": key(own, role), "data-value": true });

// Values that the data has, as one types: asked a moment after the last letter, and only once for the same letters.
let lists = 0;

export class Suggestions {
  constructor(url) {
    this.url = url;
    this.known = new Map();
  }

  help(field, subject) {
    const list = element("datalist", { id: `sb-values-${++lists}` });
    const ask = () => this.fill(field, subject, list);
    const soon = later(150, ask);
    field.addEventListener("focus", () => {
      if (!list.isConnected) {
        field.after(list);
        field.setAttribute("list", list.id);
      }
      ask();
    });
    field.addEventListener("input", soon);
  }

  async fill(field, { key: of, name }, list) {
    const asked = new URLSearchParams({ key: of, name, q: field.value });
    const address = `${this.url}?${asked}`;
    this.asking?.abort();
    this.asking = new AbortController();
    try {
      const values = this.known.get(address) ?? (await this.fetch(address, this.asking.signal));
      this.known.set(address, values);
      list.replaceChildren(...values.map((value) => element("option", { value })));
    } catch {
      // what is not suggested can still be typed
    }
  }

  async fetch(address, signal) {
    const answer = await fetch(address, { signal, headers: { Accept: "application/json" }, redirect: "error" });
    return answer.ok ? (await answer.json()).values : [];
  }
}
