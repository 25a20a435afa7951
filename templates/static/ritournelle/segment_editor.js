// The editor of conditions: draws a tree into any place, and lets people change it by mouse, finger and keyboard.
//
//   const editor = new Editor(place, { description, words, tree, valuesUrl, onChange });
//
// description    what the server says of the language of segments
// words          what the editor says by itself: the dataset of [data-words]; a page may give others for some of them
// tree           the conditions as JSON
// valuesUrl      where values are suggested, none if left out
// insidePayment  the conditions are all on one and the same recurring payment: there are no people's fields and no frames
// mixed          beside insidePayment: people's fields stand among those of the payment, whose owner they are asked of
// hasThis        a recurring payment has started it all, which the frame "this recurring payment" means
// history        false where the owner has an undo of its own; it is told by a `key` which changes are one step
// onChange       (json, { isComplete, key }), after every change that somebody made here, also by undo
// announce       (words), for screen readers; the editor has a place of its own for them otherwise

import { Acts } from "./segment_editor_acts.js";
import { enableDragging } from "./segment_editor_drag.js";
import { Errors } from "./segment_editor_errors.js";
import { History, Present } from "./segment_editor_history.js";
import { Language } from "./segment_editor_language.js";
import { element, scrollerOf } from "./segment_editor_parts.js";
import { Rows } from "./segment_editor_rows.js";
import * as trees from "./segment_editor_tree.js";
import { Suggestions } from "./segment_editor_values.js";

const KEYS = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "out", ArrowRight: "into" };
let made = 0;

export class Editor {
  constructor(place, { description, words, tree, valuesUrl, insidePayment = false, mixed = false, hasThis = false, history = true, onChange = () => {}, announce = null }) {
    Object.assign(this, { words, insidePayment, mixed, onChange });
    this.name = `sb${++made}`;
    this.language = new Language(description, { hasThis });
    this.history = new (history ? History : Present)(this.load(tree));
    this.spans = new Map();
    this.stage = element("div", { class: "sb-stage" });
    this.said = element("p", { class: "rt-sr", role: "status", "aria-live": "polite" });
    this.root = element("div", { class: "sb-editor" }, this.stage, !announce && this.said);
    this.announce = announce ?? ((text) => (this.said.textContent = text));
    this.errors = new Errors(this.stage);
    this.acts = new Acts(this);
    this.rows = new Rows({ name: this.name, language: this.language, words, suggestions: new Suggestions(valuesUrl), act: this.acts.ofRows() });
    this.ends = new AbortController();
    place.append(this.root);
    this.listen();
    this.draw();
  }

  // ---- what stands here

  get tree() {
    return this.history.now;
  }

  get json() {
    return this.written().json;
  }

  // The JSON with its places, by which errors and spans that come back later find their part, whatever was changed since.
  written() {
    return trees.dump(this.tree, this.language);
  }

  // The same of what can be asked already: without conditions that wait for their value; `waiting` is how many do.
  asked() {
    const isComplete = (one) => this.language.isComplete(one);
    const waiting = trees.conditions(this.tree).filter((one) => !isComplete(one)).length;
    return { ...trees.dump(trees.asked(this.tree, isComplete), this.language), waiting };
  }

  // Whether nothing waits for its value, and no group for its first condition.
  get isComplete() {
    const { waiting, json } = this.asked();
    return waiting === 0 && JSON.stringify(json) === JSON.stringify(this.json);
  }

  // Show another tree, as an undo of the owner's does; whoever works here goes on where it is the same.
  set(json) {
    this.close();
    const focus = this.placesNear(this.focused());
    this.history = new this.history.constructor(trees.adopt(this.load(json), this.tree));
    this.errors.clear();
    this.spans.clear();
    this.draw(...focus);
  }

  destroy() {
    this.ends.abort();
    this.close();
    this.root.remove();
  }

  // Close what is open over the page, for it is of the tree that stood here.
  close() {
    for (const box of this.root.querySelectorAll(":popover-open")) box.hidePopover();
  }

  // What is no tree at all, such as what was typed without the script, begins with no condition.
  load(json) {
    const inside = { ofPayment: this.insidePayment, mixed: this.mixed };
    try {
      return trees.load(json, this.language, inside);
    } catch {
      return trees.load({ all: [] }, this.language, inside);
    }
  }

  // ---- changing it

  // Take a changed tree; `key` joins what belongs to one step, `focus` names what is used next, `refresh` a part of
  // which only what hangs on its lists is drawn anew.
  take(tree, { key = null, focus = null, said = "", redraw = true, refresh = null } = {}) {
    if (tree === this.tree) return;
    this.history.set(tree, key);
    if (redraw) this.draw(focus);
    else if (refresh) this.rows.refresh(this.stage, trees.find(tree, refresh));
    if (said) this.announce(said);
    this.tell(key);
  }

  get canUndo() {
    return this.history.past.length > 0;
  }

  get canRedo() {
    return this.history.future.length > 0;
  }

  undo() {
    this.step("undo", this.words.undone);
  }

  redo() {
    this.step("redo", this.words.redone);
  }

  step(name, said) {
    this.close();
    const focus = this.placesNear(this.focused());
    if (!this.history[name]?.()) return;
    this.errors.clear();
    this.draw(...focus);
    this.announce(said);
    this.tell(null);
  }

  tell(key) {
    this.onChange(this.json, { isComplete: this.isComplete, key: key && `${this.name}:${key}` });
  }

  // ---- what the server says of it

  // What is wrong is shown where it is; `places` are those of what was asked, of what stands here if left out.
  tellErrors(errors, places = this.written().places) {
    this.errors.tell(Object.entries(errors).map(([path, words]) => [trees.owner(places, path), words]));
  }

  // What a relative date means today stands below it.
  tellSpans(spans, places = this.written().places) {
    this.spans = new Map(Object.entries(spans).map(([path, words]) => [trees.owner(places, path), words]));
    for (const line of this.stage.querySelectorAll("[data-span]")) line.textContent = this.spans.get(line.dataset.span) ?? "";
  }

  focusFirstError() {
    return this.errors.focusFirst();
  }

  // ---- what people do

  listen() {
    const { signal } = this.ends;
    this.stage.addEventListener("click", (event) => this.acts.click(event));
    this.stage.addEventListener("keydown", (event) => this.press(event));
    enableDragging(this.stage, {
      mayGo: (id, parent) => trees.mayGo(this.tree, id, parent),
      drop: (id, parent, index) => this.acts.move(id, { parent, index }, { focus: false }),
      signal,
    });
  }

  press(event) {
    const { target } = event;
    if (event.altKey && KEYS[event.key] && target.dataset.k && !target.matches("input, select")) {
      const { id } = target.closest("[data-id]").dataset;
      if (id === trees.ROOT) return;
      event.preventDefault();
      this.acts.go(id, KEYS[event.key], target.dataset.k);
    } else if (this.history.isKept && isUndo(event)) {
      event.preventDefault();
      this[event.shiftKey ? "redo" : "undo"]();
    }
  }

  // ---- showing

  // The first of these that is there afterwards gets the focus.
  draw(...focus) {
    const scroller = scrollerOf(this.root);
    const scrolled = scroller.scrollTop;
    this.stage.replaceChildren(this.rows.draw(this.tree, this.errors));
    scroller.scrollTo({ top: scrolled, behavior: "instant" });
    const found = focus.map((key) => key && this.stage.querySelector(`[data-k="${CSS.escape(key)}"]`)).find(Boolean);
    found?.focus();
  }

  focused() {
    const { activeElement } = document;
    return this.stage.contains(activeElement) ? activeElement.dataset.k : null;
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

  flash(id) {
    this.stage.querySelector(`[data-id="${CSS.escape(id)}"]`)?.classList.add("is-moved");
  }
}

// Whether a key asks for undo, or with Shift for redo.
export function isUndo(event) {
  return (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "z";
}
