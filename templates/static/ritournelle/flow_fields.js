// The inputs of an option of a step or trigger, by its form. `own` is what they are given: the option, its value and how
// to set it; `set(undefined)` says it no more.

import { openChooser } from "./segment_editor_chooser.js";
import { Editor } from "./segment_editor.js";
import { element, fill, icon, select } from "./segment_editor_parts.js";

// Return the inputs of an option, with a label where they are more than one thing.
export function field(own) {
  return (FORMS[own.option.form] ?? text)(own);
}

const FORMS = {
  template: (own) => template(own, line),
  template_lines: (own) => template(own, lines),
  campaign,
  whole,
  hour: (own) => one(own, choices(own, own.description.hours, (name) => Number(name))),
  days_around: daysAround,
  choice: (own) => (own.option.facts.choices.some(({ label }) => label.length > 40) ? radios(own) : one(own, choices(own, own.option.facts.choices))),
  field: (own) => one(own, choices(own, own.option.facts.choices, String, { redraw: true })),
  flag,
  several,
  field_value: fieldValue,
  people: (own) => conditions(own, { insidePayment: false }),
  payments: (own) => conditions(own, { insidePayment: true }),
  span,
  tag,
  list: (own) => one(own, choices(own, own.description.lists, Number)),
  automation: (own) => one(own, choices(own, own.description.automations, Number)),
  colleague: (own) => one(own, choices(own, own.description.colleagues)),
  address: text,
};

let made = 0;
const newId = () => `fb-field-${++made}`;

// One labelled input.
function one(own, input) {
  input.id = newId();
  return element("div", { class: "fb-field" }, element("label", { for: input.id }, own.option.label), input, own.error());
}

// Several inputs under one name.
function group(own, ...inputs) {
  return element("fieldset", { class: "fb-field" }, element("legend", {}, own.option.label), ...inputs, own.error());
}

function key(own, part = "") {
  return `${own.id}.${own.option.name}${part}`;
}

function text(own) {
  return one(own, line(own));
}

function line(own) {
  return element("input", { class: "rt-input", type: "text", value: own.value ?? "", maxlength: own.option.facts.most ?? null, autocomplete: "off", "data-k": key(own), on: { input: (event) => own.set(event.target.value || undefined) } });
}

function lines(own) {
  return element("textarea", { class: "rt-input", rows: 9, value: own.value ?? "", maxlength: own.option.facts.most, "data-k": key(own), on: { input: (event) => own.set(event.target.value || undefined) } });
}

function template(own, make) {
  const input = make(own);
  const made = one(own, input);
  input.after(tagButton(own, input));
  return made;
}

function tagButton(own, input) {
  const button = element("button", { type: "button", class: "rt-button fb-tag-button", "data-k": key(own, ":tags") }, icon("data_object"), own.words.insertTag);
  button.addEventListener("click", () => pickTag(own, input, button));
  return button;
}

// Offer the tags in the groups of Manage data, and put the chosen one where one was typing.
function pickTag(own, input, opener) {
  const { tags } = own.description;
  const names = [...new Set(tags.map((one) => one.group))];
  const groups = names.map((name) => ({ name, label: name }));
  const words = { fields: own.words.insertTag, searchFields: own.words.searchTags, noField: own.words.nothing };
  const choose = ({ name }) => {
    input.setRangeText(written(name), input.selectionStart, input.selectionEnd, "end");
    input.dispatchEvent(new Event("input"));
    input.focus();
  };
  openChooser(opener, { name: "fb-tags", language: { groups, available: true }, subjects: tags, words, choose });
}

function written(name) {
  return name.endsWith(".line_items") ? `{% for item in ${name} %}{{ item.name }}{% unless forloop.last %}, {% endunless %}{% endfor %}` : `{{ ${name} }}`;
}

// An e-mail: one that is written already, or a new one; both are written on a page of their own, beside this one.
function campaign(own) {
  const input = choices(own, own.description.campaigns, Number, { redraw: true });
  const made = one(own, input);
  const page = document.querySelector("[data-flow-page]").dataset;
  const open = own.value && element("a", { class: "rt-button", href: page.campaign.replace("/0/", `/${own.value}/`), target: "_blank", rel: "noopener", "data-k": key(own, ":open") }, icon("edit"), own.words.openEmail);
  const add = page.newCampaign && element("button", { type: "button", class: "rt-button", "data-k": key(own, ":new"), on: { click: () => newEmail(own, page) } }, icon("add"), own.words.newEmail);
  input.after(element("div", { class: "fb-inline" }, open || "", add || ""));
  return made;
}

async function newEmail(own, page) {
  const body = new FormData();
  body.set("name", document.querySelector("h1")?.textContent.trim() ?? "");
  body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  try {
    const answer = await fetch(page.newCampaign, { method: "POST", body, redirect: "error", headers: { Accept: "application/json" } });
    const made = await answer.json();
    own.description.campaigns.push(made);
    own.set(made.name, { redraw: true });
  } catch {
    own.announce(own.words.saveFailed);
  }
}

function number(own, value, attributes) {
  return element("input", { class: "rt-input fb-short", type: "text", inputmode: "numeric", value: value ?? "", autocomplete: "off", ...attributes });
}

// What is no number goes to the server as it was typed, which says what is wrong with it.
function typed(value) {
  return /^\s*-?\d{1,15}\s*$/.test(value) ? Number(value) : value.trim() || undefined;
}

function whole(own) {
  const input = number(own, own.value ?? own.option.default, { "data-k": key(own), on: { input: (event) => own.set(typed(event.target.value)) } });
  return one(own, input);
}

// So many days before or after a date, or the day itself.
function daysAround(own) {
  const { words } = own;
  const now = own.value;
  const sides = [{ name: "-1", label: words.daysBefore }, { name: "1", label: words.daysAfter }, { name: "0", label: words.onTheDay }];
  const side = now === undefined ? "-1" : String(Math.sign(now));
  const count = number(own, now ? Math.abs(now) : "", { "aria-label": fill(words.valueOf, { option: own.option.label }), "data-k": key(own) });
  const chosen = select(sides, side, { "aria-label": fill(words.sideOf, { option: own.option.label }), "data-k": key(own, ":side") });
  const tell = () => {
    const days = typed(count.value);
    count.hidden = chosen.value === "0";
    own.set(chosen.value === "0" ? 0 : typeof days === "number" ? days * Number(chosen.value) : days);
  };
  count.hidden = side === "0";
  count.addEventListener("input", tell);
  chosen.addEventListener("change", tell);
  return group(own, element("div", { class: "fb-inline" }, count, chosen));
}

function choices(own, known, read = String, how = {}) {
  const now = own.value ?? own.option.default;
  const options = now === undefined || now === null ? [{ name: "", label: own.words.choose }, ...known] : known;
  return select(options, now ?? "", { "data-k": key(own), on: { change: (event) => own.set(event.target.value === "" ? undefined : read(event.target.value), how) } });
}

function radios(own) {
  const now = own.value ?? own.option.default;
  const name = newId();
  const rows = own.option.facts.choices.map((one) => {
    const input = element("input", { type: "radio", name, value: one.name, "data-k": key(own, `:${one.name}`), on: { change: () => own.set(one.name) } });
    input.checked = one.name === now;
    return element("label", { class: "fb-radio" }, input, element("span", {}, one.label));
  });
  return group(own, rows);
}

function flag(own) {
  const input = element("input", { type: "checkbox", "data-k": key(own), on: { change: (event) => own.set(event.target.checked || undefined) } });
  input.checked = own.value ?? false;
  return element("div", { class: "fb-field" }, element("label", { class: "fb-check" }, input, own.option.label), own.error());
}

function several(own) {
  const boxes = own.option.facts.choices.map(({ name, label }) => {
    const box = element("input", { type: "checkbox", value: name, "data-k": key(own, `:${name}`) });
    box.checked = (own.value ?? []).includes(name);
    box.addEventListener("change", () => {
      const ticked = boxes.map((one) => one.firstChild).filter((one) => one.checked).map((one) => one.value);
      own.set(ticked.length ? ticked : undefined);
    });
    return element("label", { class: "fb-check" }, box, label);
  });
  return group(own, element("div", { class: "fb-checks" }, boxes));
}

function span(own) {
  const { words } = own;
  const { n = "", unit = "days" } = own.value ?? {};
  const count = number(own, n, { "aria-label": fill(words.valueOf, { option: own.option.label }), "data-k": key(own) });
  const units = select(own.description.units, unit, { "aria-label": fill(words.unitOf, { option: own.option.label }), "data-k": key(own, ":unit") });
  const tell = () => own.set(count.value.trim() ? { n: typed(count.value), unit: units.value } : undefined);
  count.addEventListener("input", tell);
  units.addEventListener("change", tell);
  return group(own, element("div", { class: "fb-inline" }, count, units));
}

function tag(own) {
  const input = line(own);
  const made = one(own, input);
  own.suggestions.help(input, { key: "tag", name: "" });
  return made;
}

// The value that a field changes from or to: any, none, or a certain one, which is asked for as its kind wants it.
function fieldValue(own) {
  const { words } = own;
  const subject = own.description.segments.subjects.find((one) => one.key === "field" && one.name === own.part.field);
  const now = own.value === undefined ? "any" : own.value === null || own.value === "" ? "empty" : "this";
  const options = [{ name: "any", label: words.anyValue }, { name: "empty", label: words.emptyValue }];
  const isChosen = subject && (subject.choices.length || subject.kind === "flag");
  const known = subject?.kind === "flag" ? [{ name: "true", label: words.yes }, { name: "false", label: words.no }] : (subject?.choices ?? []);
  if (isChosen) return one(own, valueChoice(own, [...options, ...known], now, subject));
  const kind = select([...options, { name: "this", label: words.thisValue }], now, { "data-k": key(own, ":kind"), "aria-label": own.option.label });
  const input = element("input", { class: "rt-input", type: subject?.kind === "date" ? "date" : "text", value: String(own.value ?? ""), hidden: now !== "this", "aria-label": fill(words.valueOf, { option: own.option.label }), autocomplete: "off", "data-k": key(own) });
  const tell = () => {
    input.hidden = kind.value !== "this";
    own.set({ any: undefined, empty: null, this: input.value }[kind.value]);
  };
  kind.addEventListener("change", tell);
  input.addEventListener("input", tell);
  return group(own, element("div", { class: "fb-inline" }, kind, input));
}

function valueChoice(own, options, now, subject) {
  const read = (name) => (name === "any" ? undefined : name === "empty" ? null : subject.kind === "flag" ? name === "true" : name);
  return select(options, now === "this" ? String(own.value) : now, { "data-k": key(own), on: { change: (event) => own.set(read(event.target.value)) } });
}

// Conditions, in the editor of segments; none at all is nothing said.
function conditions(own, { insidePayment }) {
  const place = element("div", { class: "fb-editor" });
  const editor = new Editor(place, {
    description: own.description.segments,
    words: own.editorWords,
    tree: own.value ?? { all: [] },
    valuesUrl: own.suggestions.url,
    insidePayment,
    hasThis: own.hasPayment,
    history: false,
    announce: own.announce,
    onChange: (json, { key: step }) => own.set(isEmpty(json) ? undefined : json, { key: step, edited: true }),
  });
  own.keep(editor);
  return element("div", { class: "fb-field", role: "group", "aria-label": own.option.label }, element("span", { class: "fb-label" }, own.option.label), place, own.error());
}

function isEmpty(json) {
  const [joint] = Object.keys(json);
  return Array.isArray(json[joint]) && !json[joint].length;
}
