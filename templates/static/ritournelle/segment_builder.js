// The builder of a segment: what is done to the tree, its undo, its keys, and saving it. Without this file the page is
// a form with the conditions as text.

import { openChooser, openMenu } from "./segment_builder_chooser.js";
import { enableDragging } from "./segment_builder_drag.js";
import { History } from "./segment_builder_history.js";
import { Language } from "./segment_builder_language.js";
import { element, fill } from "./segment_builder_parts.js";
import { Preview } from "./segment_builder_preview.js";
import { Rows } from "./segment_builder_rows.js";
import { Saving } from "./segment_builder_saving.js";
import * as trees from "./segment_builder_tree.js";
import { Suggestions } from "./segment_builder_values.js";
import { Why } from "./segment_builder_why.js";

const KEYS = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "out", ArrowRight: "into" };

class Builder {
  constructor(page) {
    this.page = page;
    this.words = page.querySelector("[data-words]").dataset;
    this.language = new Language(JSON.parse(document.getElementById("segment-description").textContent));
    this.history = new History(startTree(this.language));
    this.errors = new Map();
    this.spans = new Map();
    this.place = page.querySelector("[data-tree]");
    this.rows = new Rows({ language: this.language, words: this.words, suggestions: new Suggestions(page.dataset.values), act: this.acts() });
    this.why = new Why(page, { json: () => this.asked().json });
    this.preview = new Preview(page, { words: this.words, onErrors: (errors) => this.tellErrors(errors), onSpans: (spans) => this.tellSpans(spans), onWhy: (one) => this.why.of(one) });
    this.saving = new Saving(page, this);
    this.listen();
    this.draw();
    this.ask({ now: true });
  }

  get tree() {
    return this.history.now;
  }

  json() {
    return trees.dump(this.tree, this.language).json;
  }

  // What can be asked already: without conditions that wait for their value.
  asked() {
    return trees.dump(trees.asked(this.tree, (one) => this.language.isComplete(one)), this.language);
  }

  listen() {
    for (const part of this.page.querySelectorAll("[data-with-script]")) part.hidden = false;
    this.place.addEventListener("click", (event) => this.click(event));
    document.addEventListener("keydown", (event) => this.press(event));
    this.page.querySelector("[data-see-all]").addEventListener("click", (event) => this.seeAll(event.currentTarget.dataset.seeAll));
    this.page.querySelector("[data-undo]").addEventListener("click", () => this.step("undo"));
    this.page.querySelector("[data-redo]").addEventListener("click", () => this.step("redo"));
    enableDragging(this.place, {
      mayGo: (id, parent) => !trees.holds(trees.find(this.tree, id).node, parent) && trees.fits(trees.find(this.tree, id).node, trees.isInside(this.tree, parent)),
      drop: (id, parent, index) => this.move(id, { parent, index }, { focus: false }),
    });
  }

  // All who match what stands here now, saved or not, with what can be done to them; one comes back from there.
  seeAll(url) {
    const token = this.page.querySelector("[name=csrfmiddlewaretoken]").value;
    const hidden = { csrfmiddlewaretoken: token, tree: JSON.stringify(this.asked().json) };
    const fields = Object.entries(hidden).map(([name, value]) => element("input", { type: "hidden", name, value }));
    const form = element("form", { method: "post", action: url, hidden: true }, ...fields);
    this.page.append(form);
    this.saving.kept = this.saving.state();
    form.submit();
  }

  // ---- changing the tree

  // Take a changed tree; `key` joins what belongs to one step, `focus` names what is used next.
  take(tree, { key = null, focus = null, said = "", redraw = true } = {}) {
    this.history.set(tree, key);
    if (redraw) this.draw(focus);
    this.tellUndo();
    this.announce(said);
    this.ask();
    this.saving.changed();
  }

  acts() {
    const set = (id, values, how) => this.edit(id, values, how);
    return {
      typed: (id, value, { isWhole = false } = {}) => this.type(id, value, isWhole),
      // Lists keep the focus and the letters by which one is looking in them, so what hangs on them is drawn alone.
      operator: (id, op) => set(id, this.language.withOperator(this.node(id), op), { key: `op:${id}`, redraw: false }),
      joint: (id, joint) => set(id, { joint }, { key: `joint:${id}`, redraw: false }),
      scope: (id, scope) => set(id, { scope }, { key: `scope:${id}`, redraw: false }),
      number: (id, number) => set(id, { number }, { key: `number:${id}`, redraw: false }),
      span: (id) => this.spans.get(id) ?? "",
      hasCurrency: (id) => trees.find(this.tree, id).parent.parts.some((one) => one.name === "currency"),
    };
  }

  node(id) {
    return trees.find(this.tree, id).node;
  }

  edit(id, values, how) {
    this.forget(id);
    this.take(trees.change(this.tree, id, values), how);
    if (how.redraw === false && !isOnlyTyped(values)) this.rows.refresh(this.place, trees.find(this.tree, id));
  }

  type(id, value, isWhole) {
    const one = this.node(id);
    const typed = { ...one.typed, [this.language.form(one)]: value };
    const focus = document.activeElement?.dataset.k ?? `${id}:value`;
    this.edit(id, { typed }, isWhole ? { focus } : { key: `typed:${id}`, redraw: false });
  }

  move(id, to, { focus = true } = {}) {
    const name = this.name(this.node(id));
    const tree = trees.move(this.tree, id, to.parent, to.index);
    const { parent, index } = trees.find(tree, id);
    if (sameShape(tree, this.tree)) return;
    const said = fill(this.words.moved, { name, position: index + 1, count: parent.parts.length, group: this.name(parent) });
    this.take(tree, { focus: focus === true ? this.focusOf(id) : focus || null, said });
    this.flash(id);
  }

  go(id, step, focus) {
    const to = trees.destination(this.tree, id, step);
    if (to) this.move(id, to, { focus });
    else this.announce(this.words.stays);
  }

  remove(id) {
    const { node, parent, index } = trees.find(this.tree, id);
    const next = parent.parts[index + 1] ?? parent.parts[index - 1];
    const focus = next ? this.focusOf(next.id) : `${parent.id}:add-condition`;
    this.take(trees.remove(this.tree, id), { focus, said: fill(this.words.removed, { name: this.name(node) }) });
  }

  duplicate(id) {
    const { node, parent, index } = trees.find(this.tree, id);
    const made = trees.copy(node);
    this.take(trees.insert(this.tree, parent.id, index + 1, made), { focus: this.focusOf(made.id, node), said: fill(this.words.duplicated, { name: this.name(node) }) });
  }

  wrap(id) {
    const { tree, id: made } = trees.wrap(this.tree, id);
    this.take(tree, { focus: `${made}:joint`, said: this.words.wrapped });
  }

  add(parentId, made, focus) {
    const { parts } = this.node(parentId);
    this.take(trees.insert(this.tree, parentId, parts.length, made), { focus, said: fill(this.words.added, { name: this.name(made) }) });
  }

  // A field of a payment that is chosen outside of all frames gets a frame of its own.
  addCondition(parentId, subject) {
    const made = trees.makeCondition(this.language, subject);
    const framed = made.key === "field" && !trees.isInside(this.tree, parentId);
    this.add(parentId, framed ? trees.makeFrame([made]) : made, `${made.id}:op`);
  }

  addCurrency(id) {
    const { parent, index } = trees.find(this.tree, id);
    const subject = this.language.subject({ key: "field", name: "currency" });
    const made = trees.makeCondition(this.language, subject);
    const outer = parent.joint === "all" ? null : trees.makeGroup([this.node(id), made], "all");
    const tree = outer ? trees.replace(this.tree, id, outer) : trees.insert(this.tree, parent.id, index + 1, made);
    this.take(tree, { focus: `${made.id}:value`, said: fill(this.words.added, { name: subject.label }) });
  }

  step(name) {
    const focus = this.placesNear(document.activeElement?.dataset?.k);
    if (!this.history[name]()) return;
    this.errors.clear();
    this.draw(...focus);
    this.tellUndo();
    this.announce(this.words[name === "undo" ? "undone" : "redone"]);
    this.ask();
    this.saving.changed();
  }

  // ---- what people do

  click(event) {
    const button = event.target.closest("[data-act]");
    if (!button) return;
    const id = button.closest("[data-id]").dataset.id;
    CLICKS[button.dataset.act](this, id, button);
  }

  press(event) {
    const { target } = event;
    const isOurs = this.place.contains(target) || !target.matches("input, textarea, [contenteditable]");
    if (isOurs && (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "z") {
      event.preventDefault();
      this.step(event.shiftKey ? "redo" : "undo");
    } else if (event.altKey && KEYS[event.key] && target.dataset.k && !target.matches("input, select")) {
      const id = target.closest("[data-id]").dataset.id;
      if (id === trees.ROOT) return;
      event.preventDefault();
      this.go(id, KEYS[event.key], target.dataset.k);
    }
  }

  choose(opener, inside, choose, { alsoFramed = false } = {}) {
    const { available } = this.language;
    const offered = (one) => one.offered && (one.key === "field" ? available && (inside || alsoFramed) : !inside);
    openChooser(opener, { language: this.language, subjects: this.language.subjects.filter(offered), words: this.words, choose });
  }

  menu(id, opener) {
    const { words } = this;
    const item = (name, label, icon, keys, disabled = false) => ({ name, label, icon, keys, disabled });
    const leads = (step) => !trees.destination(this.tree, id, step);
    const items = [
      item("up", words.moveUp, "arrow_upward", "Alt+↑", leads("up")),
      item("down", words.moveDown, "arrow_downward", "Alt+↓", leads("down")),
      item("into", words.moveInto, "subdirectory_arrow_right", "Alt+→", leads("into")),
      item("out", words.moveOut, "output", "Alt+←", leads("out")),
      item("wrap", words.wrap, "data_array"),
      item("duplicate", words.duplicate, "content_copy"),
      item("remove", words.removeThis, "delete"),
    ];
    const act = (name) => (KEYS_BY_STEP.has(name) ? this.go(id, name, `${id}:menu`) : this[name](id));
    openMenu(opener, { label: this.name(this.node(id)), items, act });
  }

  // ---- showing

  // The first of these that is there afterwards gets the focus.
  draw(...focus) {
    const scrolled = scrollY;
    this.place.replaceChildren(this.rows.draw(this.tree, this.errors));
    scrollTo({ top: scrolled, behavior: "instant" });
    const found = focus.map((key) => key && this.place.querySelector(`[data-k="${CSS.escape(key)}"]`)).find(Boolean);
    found?.focus();
  }

  ask(how) {
    const { json, places } = this.asked();
    this.places = places;
    const waiting = trees.conditions(this.tree).filter((one) => !this.language.isComplete(one)).length;
    this.preview.show(json, waiting, how);
  }

  // What is wrong is shown where it is; the row is not drawn anew, for somebody is typing in it.
  tellErrors(errors, places = this.places) {
    const before = [...this.errors.keys()];
    this.errors.clear();
    for (const [path, words] of Object.entries(errors)) {
      const id = trees.owner(places, path);
      this.errors.set(id, [...(this.errors.get(id) ?? []), words]);
    }
    for (const id of new Set([...before, ...this.errors.keys()])) this.showError(id);
  }

  // What a relative date means today stands below it.
  tellSpans(spans) {
    this.spans = new Map(Object.entries(spans).map(([path, words]) => [trees.owner(this.places, path), words]));
    for (const line of this.place.querySelectorAll("[data-span]")) line.textContent = this.spans.get(line.dataset.span) ?? "";
  }

  showError(id) {
    const line = this.place.querySelector(`[data-error="${CSS.escape(id)}"]`);
    if (!line) return;
    const told = this.errors.get(id) ?? [];
    line.hidden = !told.length;
    line.textContent = told.join(" ");
    for (const field of line.parentElement.querySelectorAll(":scope > .sb-row [data-value]")) {
      field.toggleAttribute("aria-invalid", told.length > 0);
      if (told.length) field.setAttribute("aria-invalid", "true");
      if (told.length) field.setAttribute("aria-describedby", line.id);
      else field.removeAttribute("aria-describedby");
    }
  }

  forget(id) {
    if (this.errors.delete(id)) this.showError(id);
  }

  focusFirstError() {
    const line = this.place.querySelector("[data-error]:not([hidden])");
    const near = NEAR.map((kind) => line?.parentElement.querySelector(`:scope > ${kind}`)).find(Boolean);
    near?.focus();
    line?.scrollIntoView({ block: "center" });
    return Boolean(line);
  }

  focusOf(id, like = null) {
    const one = like ?? trees.find(this.tree, id)?.node;
    return one?.type === "condition" ? `${id}:subject` : `${id}:joint`;
  }

  // Where the focus may go if what has it is gone with the next step: what is in it, beside it, or around it.
  placesNear(key) {
    const found = key && trees.find(this.tree, key.slice(0, key.indexOf(":")));
    if (!found) return [];
    const { node, parent, index } = found;
    const near = [node, node.parts?.[0], parent?.parts[index + 1], parent?.parts[index - 1]].filter(Boolean);
    const around = parent ? this.placesNear(`${parent.id}:add-condition`) : [];
    return [key, ...near.map((one) => this.focusOf(one.id, one)), ...around];
  }

  name(one) {
    if (one.type === "condition") return this.language.subject(one).label;
    if (one.id === trees.ROOT) return this.words.wholeSegment;
    return one.type === "frame" ? this.words.frame : this.words.group;
  }

  tellUndo() {
    const [undo, redo] = ["undo", "redo"].map((name) => this.page.querySelector(`[data-${name}]`));
    const pressed = document.activeElement;
    undo.disabled = !this.history.past.length;
    redo.disabled = !this.history.future.length;
    if (pressed.disabled) (pressed === undo ? redo : undo).focus();
  }

  announce(words) {
    if (words) this.page.querySelector("[data-announce]").textContent = words;
  }

  flash(id) {
    const row = this.place.querySelector(`[data-id="${CSS.escape(id)}"]`);
    row?.classList.add("is-moved");
  }
}

// Where somebody mends what is wrong: the value, the number of a scope, or what else comes first.
const NEAR = [".sb-row [data-value]", ".sb-group-head .sb-number:not([hidden])", ":is(.sb-row, .sb-group-head) :is(select, button)"];
const KEYS_BY_STEP = new Set(Object.values(KEYS));
const CLICKS = {
  "add-condition": (builder, id, button) =>
    builder.choose(button, trees.isInside(builder.tree, id), (subject) => builder.addCondition(id, subject), { alsoFramed: true }),
  "add-group": (builder, id) => {
    const made = trees.makeGroup();
    builder.add(id, made, `${made.id}:add-condition`);
  },
  "add-frame": (builder, id) => {
    const made = trees.makeFrame();
    builder.add(id, made, `${made.id}:add-condition`);
  },
  subject: (builder, id, button) =>
    builder.choose(button, trees.find(builder.tree, id).inside, (subject) => {
      const made = { ...trees.makeCondition(builder.language, subject), id };
      builder.edit(id, made, { focus: `${id}:op` });
    }),
  currency: (builder, id) => builder.addCurrency(id),
  menu: (builder, id, button) => builder.menu(id, button),
  remove: (builder, id) => builder.remove(id),
};

// What was typed without the script may be no JSON at all; it is kept, and said.
function startTree(language) {
  try {
    return trees.load(JSON.parse(JSON.parse(document.getElementById("segment-tree").textContent)), language);
  } catch {
    return trees.load({ all: [] }, language);
  }
}

const isOnlyTyped = (values) => Object.keys(values).every((name) => name === "typed" || name === "number");

function sameShape(one, other) {
  const shape = (node) => (node.parts ? [node.id, node.parts.map(shape)] : node.id);
  return JSON.stringify(shape(one)) === JSON.stringify(shape(other));
}

new Builder(document.querySelector("[data-segment-page]"));
