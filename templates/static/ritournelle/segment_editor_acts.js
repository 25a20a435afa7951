// What can be done with conditions: each act makes a changed tree and says where the focus goes and what is announced.

import { openChooser, openMenu } from "./segment_editor_chooser.js";
import { fill } from "./segment_editor_parts.js";
import * as trees from "./segment_editor_tree.js";

const STEPS = new Set(["up", "down", "into", "out"]);

export class Acts {
  constructor(editor) {
    const { words, language } = editor;
    Object.assign(this, { editor, words, language });
  }

  get tree() {
    return this.editor.tree;
  }

  node(id) {
    return trees.find(this.tree, id).node;
  }

  // What the rows tell of; `typed` also whether the row is to be drawn anew.
  ofRows() {
    const set = (id, values, how) => this.edit(id, values, how);
    return {
      typed: (id, value, { isWhole = false } = {}) => this.type(id, value, isWhole),
      // Lists keep the focus and the letters by which one is looking in them, so what hangs on them is drawn alone.
      operator: (id, op) => set(id, this.language.withOperator(this.node(id), op), { key: `op:${id}`, redraw: false, refresh: id }),
      joint: (id, joint) => set(id, { joint }, { key: `joint:${id}`, redraw: false, refresh: id }),
      scope: (id, scope) => set(id, { scope }, { key: `scope:${id}`, redraw: false, refresh: id }),
      number: (id, number) => set(id, { number }, { key: `number:${id}`, redraw: false }),
      span: (id) => this.editor.spans.get(id) ?? "",
      hasCurrency: (id) => trees.find(this.tree, id).parent.parts.some((one) => one.name === "currency"),
    };
  }

  click(event) {
    const button = event.target.closest("[data-act]");
    if (button) CLICKS[button.dataset.act](this, button.closest("[data-id]").dataset.id, button);
  }

  edit(id, values, how) {
    this.editor.errors.forget(id);
    this.editor.take(trees.change(this.tree, id, values), how);
  }

  type(id, value, isWhole) {
    const one = this.node(id);
    const typed = { ...one.typed, [this.language.form(one)]: value };
    const focus = this.editor.focused() ?? `${id}:value`;
    this.edit(id, { typed }, isWhole ? { focus } : { key: `typed:${id}`, redraw: false });
  }

  move(id, to, { focus = true } = {}) {
    const name = this.name(this.node(id));
    const tree = trees.move(this.tree, id, to.parent, to.index);
    const { parent, index } = trees.find(tree, id);
    if (sameShape(tree, this.tree)) return;
    const said = fill(this.words.moved, { name, position: index + 1, count: parent.parts.length, group: this.name(parent) });
    this.editor.take(tree, { focus: focus === true ? this.editor.focusOf(id) : focus || null, said });
    this.editor.flash(id);
  }

  go(id, step, focus) {
    const to = trees.destination(this.tree, id, step);
    if (to) this.move(id, to, { focus });
    else this.editor.announce(this.words.stays);
  }

  remove(id) {
    const { node, parent, index } = trees.find(this.tree, id);
    const next = parent.parts[index + 1] ?? parent.parts[index - 1];
    const focus = next ? this.editor.focusOf(next.id) : `${parent.id}:add-condition`;
    this.editor.take(trees.remove(this.tree, id), { focus, said: fill(this.words.removed, { name: this.name(node) }) });
  }

  duplicate(id) {
    const { node, parent, index } = trees.find(this.tree, id);
    const made = trees.copy(node);
    const said = fill(this.words.duplicated, { name: this.name(node) });
    this.editor.take(trees.insert(this.tree, parent.id, index + 1, made), { focus: this.editor.focusOf(made.id, node), said });
  }

  wrap(id) {
    const { tree, id: made } = trees.wrap(this.tree, id);
    this.editor.take(tree, { focus: `${made}:joint`, said: this.words.wrapped });
  }

  add(parentId, made, focus = `${made.id}:add-condition`) {
    const { parts } = this.node(parentId);
    this.editor.take(trees.insert(this.tree, parentId, parts.length, made), { focus, said: fill(this.words.added, { name: this.name(made) }) });
  }

  addFrame(parentId) {
    this.add(parentId, trees.makeFrame([], this.language.usualScope));
  }

  // A field of a payment that is chosen outside of all frames gets a frame of its own.
  addCondition(parentId, subject) {
    const made = trees.makeCondition(this.language, subject);
    const framed = made.key === "field" && !trees.isInside(this.tree, parentId);
    this.add(parentId, framed ? trees.makeFrame([made], this.language.usualScope) : made, `${made.id}:op`);
  }

  addCurrency(id) {
    const { parent, index } = trees.find(this.tree, id);
    const subject = this.language.subject({ key: "field", name: "currency" });
    const made = trees.makeCondition(this.language, subject);
    const outer = parent.joint === "all" ? null : trees.makeGroup([this.node(id), made], "all");
    const tree = outer ? trees.replace(this.tree, id, outer) : trees.insert(this.tree, parent.id, index + 1, made);
    this.editor.take(tree, { focus: `${made.id}:value`, said: fill(this.words.added, { name: subject.label }) });
  }

  setSubject(id, subject) {
    this.edit(id, { ...trees.makeCondition(this.language, subject), id }, { focus: `${id}:op` });
  }

  choose(opener, inside, choose, { alsoFramed = false } = {}) {
    const { available } = this.language;
    const offered = (one) => one.offered && (one.key === "field" ? available && (inside || alsoFramed) : !inside || this.tree.mixed);
    const subjects = this.language.subjects.filter(offered);
    openChooser(opener, { name: this.editor.name, language: this.language, subjects, words: this.words, choose });
  }

  menu(id, opener) {
    const { words } = this;
    const item = (name, label, icon, keys, disabled = false) => ({ name, label, icon, keys, disabled });
    const stays = (step) => !trees.destination(this.tree, id, step);
    const items = [
      item("up", words.moveUp, "arrow_upward", "Alt+↑", stays("up")),
      item("down", words.moveDown, "arrow_downward", "Alt+↓", stays("down")),
      item("into", words.moveInto, "subdirectory_arrow_right", "Alt+→", stays("into")),
      item("out", words.moveOut, "output", "Alt+←", stays("out")),
      item("wrap", words.wrap, "data_array"),
      item("duplicate", words.duplicate, "content_copy"),
      item("remove", words.removeThis, "delete"),
    ];
    const act = (name) => (STEPS.has(name) ? this.go(id, name, `${id}:menu`) : this[name](id));
    openMenu(opener, { label: this.name(this.node(id)), items, act });
  }

  name(one) {
    if (one.type === "condition") return this.language.subject(one).label;
    if (one.id === trees.ROOT) return this.words.whole;
    return one.type === "frame" ? this.words.frame : this.words.group;
  }
}

const CLICKS = {
  "add-condition": (acts, id, button) =>
    acts.choose(button, trees.isInside(acts.tree, id), (subject) => acts.addCondition(id, subject), { alsoFramed: true }),
  "add-group": (acts, id) => acts.add(id, trees.makeGroup()),
  "add-frame": (acts, id) => acts.addFrame(id),
  subject: (acts, id, button) => acts.choose(button, trees.find(acts.tree, id).inside, (subject) => acts.setSubject(id, subject)),
  currency: (acts, id) => acts.addCurrency(id),
  menu: (acts, id, button) => acts.menu(id, button),
  remove: (acts, id) => acts.remove(id),
};

function sameShape(one, other) {
  const shape = (node) => (node.parts ? [node.id, node.parts.map(shape)] : node.id);
  return JSON.stringify(shape(one)) === JSON.stringify(shape(other));
}
