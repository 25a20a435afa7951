// The page of an automation's flow: the drawing, the panel of the chosen step, undo, keys and saving. Without this file
// the page shows the flow in words, and is a form with the flow as text.

import { Acts } from "./flow_acts.js";
import { Checking } from "./flow_checking.js";
import { enableDragging } from "./flow_dragging.js";
import { Drawing } from "./flow_drawing.js";
import { Panel } from "./flow_panel.js";
import { Saving } from "./flow_saving.js";
import * as trees from "./flow_tree.js";
import { View } from "./flow_view.js";
import { isUndo } from "./segment_editor.js";
import { History } from "./segment_editor_history.js";
import { element } from "./segment_editor_parts.js";
import { Suggestions } from "./segment_editor_values.js";

const COUNT_EVERY = 10_000;

class Builder {
  constructor(page) {
    this.page = page;
    this.words = page.querySelector("[data-flow-words]").dataset;
    this.description = read("flow-description");
    this.mayEdit = "maySave" in page.dataset;
    trees.learn(this.description.steps);
    this.history = new History(trees.load(read("flow-draft")));
    this.counts = read("flow-counts");
    this.loose = read("flow-said").loose;
    this.chosen = null;
    this.drawing = new Drawing({ description: this.description, words: this.words, mayEdit: this.mayEdit, peopleUrl: page.dataset.people });
    this.acts = new Acts(this);
    this.panel = this.makePanel();
    this.view = new View(page);
    this.checking = new Checking(page, { flow: () => this.flow, tell: (said) => this.tell(said) });
    this.saving = new Saving(page, this);
    this.said = this.checking.read(read("flow-said")).parts;
    this.listen();
    this.draw();
    this.tellMistakes();
    setInterval(() => this.count(), COUNT_EVERY);
  }

  get flow() {
    return this.history.now;
  }

  get stage() {
    return this.page.querySelector(".fl-drawing");
  }

  get hasPayment() {
    return this.flow.triggers.some((one) => this.drawing.kindOf(one).of_payments);
  }

  makePanel() {
    const set = (id, name, value, how) => this.set(id, name, value, how);
    const valueOf = (id, name) => trees.find(this.flow, id)?.part[name];
    const act = { set, valueOf, close: () => this.close(), duplicate: (id) => this.acts.duplicate(id), remove: (id) => this.acts.remove(id) };
    return new Panel(this.page.querySelector("[data-panel]"), {
      description: this.description,
      words: this.words,
      editorWords: this.page.querySelector("[data-words]").dataset,
      suggestions: new Suggestions(this.page.dataset.values),
      announce: (words) => this.announce(words),
      act,
    });
  }

  listen() {
    for (const part of this.page.querySelectorAll("[data-with-script]")) part.hidden = false;
    this.page.querySelector("[data-undo]").addEventListener("click", () => this.step("undo"));
    this.page.querySelector("[data-redo]").addEventListener("click", () => this.step("redo"));
    const place = this.page.querySelector("[data-drawing]");
    place.addEventListener("click", (event) => this.acts.click(event));
    place.addEventListener("keydown", (event) => this.acts.press(event));
    place.addEventListener("change", (event) => event.target.matches("[data-runs]") && this.take({ ...this.flow, runs: event.target.value }, { focus: "runs" }));
    if (this.mayEdit) enableDragging(place, { move: (id, to, index) => this.acts.moveTo(id, to, index) });
    document.addEventListener("keydown", (event) => this.press(event));
  }

  // The keys of undo and of zoom work on the whole page, but where somebody types.
  press(event) {
    const isTyping = event.target.matches("input, textarea, select, [contenteditable]");
    if (!event.defaultPrevented && isUndo(event) && !isTyping) {
      event.preventDefault();
      this.step(event.shiftKey ? "redo" : "undo");
    } else if (!isTyping && !event.ctrlKey && !event.metaKey && !event.altKey && ZOOMS[event.key] && this.page.contains(event.target)) {
      event.preventDefault();
      this.view[ZOOMS[event.key]]();
    }
  }

  // ---- changing the flow

  // Take a changed flow; `key` joins what is one step of undo, `focus` names what is used next.
  take(flow, { key = null, focus = null, said = "", redraw = true } = {}) {
    if (flow === this.flow) return;
    this.history.set(flow, key);
    if (redraw) this.draw(focus);
    this.changed(said);
  }

  changed(said) {
    this.tellUndo();
    if (said) this.announce(said);
    this.checking.soon();
    this.saving.changed();
  }

  // Something was set in the panel, which stays as it is but where what is asked for depends on it.
  set(id, name, value, { key = null, redraw = false } = {}) {
    const others = name === "field" && redraw ? { from: undefined, to: undefined } : {};
    const flow = trees.change(this.flow, id, { ...others, [name]: value });
    this.take(flow, { key: key ?? `${id}.${name}`, redraw: false });
    if (redraw) this.showPanel({ focus: true });
  }

  step(name) {
    if (!this.history[name]()) return;
    this.draw(document.activeElement?.dataset?.k);
    this.showPanel({ focus: true });
    this.changed(this.words[name === "undo" ? "undone" : "redone"]);
  }

  tellUndo() {
    const [undo, redo] = ["undo", "redo"].map((name) => this.page.querySelector(`[data-${name}]`));
    const pressed = document.activeElement;
    undo.disabled = !this.history.past.length;
    redo.disabled = !this.history.future.length;
    if (pressed.disabled) (pressed === undo ? redo : undo).focus();
  }

  // ---- the panel

  open(id, { focus = false } = {}) {
    this.chosen = id;
    this.showPanel();
    this.holder(id)?.scrollIntoView({ block: "nearest", inline: "center" });
    const first = focus && this.panel.place.querySelector(".fb-panel-body :is(input, select, textarea, button):not([hidden])");
    (first || this.panel.place.querySelector("[data-k='panel:close']")).focus();
  }

  close() {
    const id = this.chosen;
    this.chosen = null;
    this.showPanel();
    this.focus(id);
  }

  showPanel({ focus = false } = {}) {
    const key = focus ? document.activeElement?.dataset?.k : null;
    const found = this.chosen && trees.find(this.flow, this.chosen);
    if (!found) this.chosen = null;
    if (found) this.panel.show(found.part, this.drawing.kindOf(found.part), { hasPayment: this.hasPayment, mayEdit: this.mayEdit });
    else this.panel.hide();
    if (found) this.panel.tell(this.said.get(this.chosen)?.places ?? {});
    this.page.querySelector("[data-columns]").classList.toggle("has-panel", Boolean(found));
    this.mark();
    if (key) this.panel.place.querySelector(`[data-k="${CSS.escape(key)}"]`)?.focus();
  }

  mark() {
    for (const card of this.stage.querySelectorAll(".fl-card[data-k]")) card.setAttribute("aria-current", String(card.dataset.k === this.chosen));
  }

  // ---- showing

  draw(focus = null) {
    const { canvas } = this.view;
    const [left, top] = [canvas.scrollLeft, canvas.scrollTop];
    this.stage.replaceChildren(...this.drawing.draw(this.flow, this.said));
    this.stage.classList.add("is-built");
    this.view.again();
    canvas.scrollTo(left, top);
    this.tellCounts();
    this.mark();
    if (focus) this.focus(focus);
  }

  focus(key) {
    const place = key && this.page.querySelector(`[data-k="${CSS.escape(key)}"]`);
    place?.focus();
    return Boolean(place);
  }

  // What the server said of it: words and mistakes at their place, and all mistakes above.
  tell({ parts, loose }) {
    this.said = this.drawing.said = parts;
    this.loose = loose;
    for (const { part } of trees.every(this.flow)) {
      const holder = this.holder(part.id);
      if (holder) this.drawing.tell(holder, part);
    }
    if (this.chosen) this.panel.tell(parts.get(this.chosen)?.places ?? {});
    this.tellMistakes();
  }

  holder(id) {
    return this.stage.querySelector(`[data-id="${CSS.escape(id)}"]`);
  }

  tellMistakes() {
    const list = this.page.querySelector("[data-mistakes]");
    const rows = [...trees.every(this.flow)].flatMap(({ part }) =>
      (this.said.get(part.id)?.errors ?? []).map((words) => element("li", {}, element("button", { type: "button", on: { click: () => this.open(part.id, { focus: true }) } }, `${this.drawing.kindOf(part).label} – ${words}`))),
    );
    list.replaceChildren(...this.loose.map((words) => element("li", {}, words)), ...rows);
    list.hidden = !list.children.length;
  }

  async hasMistakes() {
    await this.checking.now();
    return !this.page.querySelector("[data-mistakes]").hidden;
  }

  showFirstMistake() {
    const list = this.page.querySelector("[data-mistakes]");
    list.scrollIntoView({ block: "center" });
    list.querySelector("button")?.focus();
  }

  announce(words) {
    this.page.querySelector("[data-announce]").textContent = words;
  }

  // ---- how many people are where

  async count() {
    if (document.hidden) return;
    try {
      const answer = await fetch(this.page.dataset.countsUrl, { headers: { Accept: "application/json" }, redirect: "error" });
      if (!answer.ok) return;
      this.counts = (await answer.json()).steps;
      this.tellCounts();
    } catch {
      // it is asked again in a moment
    }
  }

  tellCounts() {
    for (const { part } of trees.every(this.flow)) {
      const holder = this.holder(part.id);
      if (holder) this.drawing.count(holder, this.counts[part.id]);
    }
  }
}

const ZOOMS = { "+": "in", "=": "in", "-": "out", 0: "fit" };

function read(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

const page = document.querySelector("[data-flow-page]");
if (page) new Builder(page);
