// What is done in the drawing, by mouse, finger and keyboard.

import { openChooser, openMenu } from "./segment_editor_chooser.js";
import { fill } from "./segment_editor_parts.js";
import * as trees from "./flow_tree.js";

const STEPS = { ArrowUp: "up", ArrowDown: "down", ArrowRight: "into", ArrowLeft: "out" };
const WALKS = { ArrowDown: 1, ArrowUp: -1, ArrowRight: 1, ArrowLeft: -1 };

export class Acts {
  constructor(builder) {
    this.builder = builder;
  }

  get words() {
    return this.builder.words;
  }

  get flow() {
    return this.builder.flow;
  }

  click(event) {
    const button = event.target.closest("[data-act]");
    if (!button) return;
    CLICKS[button.dataset.act](this, button.closest("[data-id]")?.dataset.id, button);
  }

  press(event) {
    const card = event.target.closest(".fl-card[data-k]");
    if (!card || event.ctrlKey || event.metaKey) return;
    const id = card.dataset.k;
    const act = event.altKey ? STEPS[event.key] && (() => this.go(id, STEPS[event.key])) : this.keyed(event, card, id);
    if (!act) return;
    event.preventDefault();
    act();
  }

  keyed(event, card, id) {
    if (WALKS[event.key]) return () => this.walk(card, WALKS[event.key]);
    if (event.key === "Delete" && this.builder.mayEdit) return () => this.remove(id);
    return null;
  }

  walk(card, step) {
    const cards = [...this.builder.stage.querySelectorAll(".fl-card[data-k]")];
    cards[cards.indexOf(card) + step]?.focus();
  }

  name(part) {
    return this.builder.drawing.kindOf(part).label;
  }

  // ---- adding

  chooseTrigger(opener) {
    const { description } = this.builder;
    if (this.flow.triggers.length >= description.limits.triggers) return this.builder.announce(this.words.tooMany);
    this.choose(opener, description.triggers, description.trigger_groups, this.words.searchTriggers, (kind) => {
      const made = trees.make(kind, "on");
      this.add({ parent: null, branch: "triggers" }, this.flow.triggers.length, made);
    });
  }

  chooseStep(opener, place, index) {
    const { description } = this.builder;
    if (trees.countSteps(this.flow) >= description.limits.steps) return this.builder.announce(this.words.tooMany);
    const level = place.parent === null ? 1 : trees.find(this.flow, place.parent).level + 1;
    const isDeepest = level >= description.limits.levels;
    const kinds = description.steps.filter((kind) => !isDeepest || !kind.branches.length);
    this.choose(opener, kinds, description.step_groups, this.words.searchSteps, (kind) => this.add(place, index, trees.make(kind, "do")));
  }

  choose(opener, kinds, groups, searchWords, choose) {
    const words = { fields: searchWords, searchFields: searchWords, noField: this.words.nothing };
    openChooser(opener, { name: "fb-kinds", language: { groups, available: true }, subjects: kinds, words, choose });
  }

  add(place, index, made) {
    this.builder.take(trees.insert(this.flow, place, index, made), { said: fill(this.words.added, { name: this.name(made) }) });
    this.builder.open(made.id, { focus: true });
    this.flash(made.id);
  }

  // ---- changing

  remove(id) {
    const { part, list, index } = trees.find(this.flow, id);
    const next = list[index + 1] ?? list[index - 1];
    const focus = next?.id ?? ("on" in part ? "add-trigger" : null);
    if (this.builder.chosen === id || trees.holds(part, this.builder.chosen)) this.builder.chosen = null;
    this.builder.take(trees.remove(this.flow, id), { focus, said: fill(this.words.removed, { name: this.name(part) }) });
    this.builder.showPanel();
    if (!focus) this.builder.stage.querySelector("[data-act=add-step]")?.focus();
  }

  duplicate(id) {
    const { part, parent, branch, index } = trees.find(this.flow, id);
    const isTooMuch = trees.countSteps(this.flow) + 1 > this.builder.description.limits.steps;
    if (isTooMuch) return this.builder.announce(this.words.tooMany);
    const made = trees.copy(part);
    this.builder.take(trees.insert(this.flow, { parent, branch }, index + 1, made), { focus: made.id, said: fill(this.words.duplicated, { name: this.name(part) }) });
    this.flash(made.id);
  }

  go(id, step) {
    if (!this.builder.mayEdit) return;
    const to = "on" in trees.find(this.flow, id).part && step !== "up" && step !== "down" ? null : trees.destination(this.flow, id, step);
    if (to) this.moveTo(id, to.place, to.index);
    else this.builder.announce(this.words.stays);
  }

  moveTo(id, place, index) {
    const { part } = trees.find(this.flow, id);
    const level = place.parent === null ? 1 : trees.find(this.flow, place.parent).level + 1;
    if (level + trees.depthOf(part) > this.builder.description.limits.levels) return this.builder.announce(this.words.tooDeep);
    const flow = trees.move(this.flow, id, place, index);
    if (flow === this.flow) return;
    this.builder.take(flow, { focus: id, said: fill(this.words.moved, { name: this.name(part) }) });
    this.flash(id);
  }

  flash(id) {
    this.builder.holder(id)?.querySelector(".fl-card").classList.add("fb-moved");
  }

  menu(id, opener) {
    const { words } = this;
    const { part, parent, branch, index } = trees.find(this.flow, id);
    const isTrigger = "on" in part;
    const item = (name, label, icon, keys, disabled = false) => ({ name, label, icon, keys, disabled });
    const stays = (step) => !trees.destination(this.flow, id, step);
    const moves = [
      item("up", words.moveUp, "arrow_upward", "Alt+↑", stays("up")),
      item("down", words.moveDown, "arrow_downward", "Alt+↓", stays("down")),
      ...(isTrigger ? [] : [item("into", words.moveInto, "subdirectory_arrow_right", "Alt+→", stays("into")), item("out", words.moveOut, "output", "Alt+←", stays("out"))]),
    ];
    const below = isTrigger ? [] : [item("below", words.addBelow, "add")];
    const items = [...below, ...moves, item("duplicate", words.duplicate, "content_copy"), item("remove", words.remove, "delete", "Del")];
    const own = {
      below: () => this.chooseStep(this.builder.holder(id).querySelector("[data-act=menu]"), { parent, branch }, index + 1),
      duplicate: () => this.duplicate(id),
      remove: () => this.remove(id),
    };
    openMenu(opener, { label: this.name(part), items, act: (name) => (own[name] ?? (() => this.go(id, name)))() });
  }
}

const CLICKS = {
  open: (acts, id) => acts.builder.open(id),
  menu: (acts, id, button) => acts.menu(id, button),
  "add-trigger": (acts, _id, button) => acts.chooseTrigger(button),
  "add-step": (acts, _id, button) => {
    const { parent, branch, index } = button.closest(".fb-plus").dataset;
    acts.chooseStep(button, { parent: parent || null, branch }, Number(index));
  },
};
