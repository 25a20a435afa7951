// The page of a segment: the editor of its conditions, with what matches and why beside it, and saving. Without this file
// the page is a form with the conditions as text.

import { Preview } from "./segment_builder_preview.js";
import { Saving } from "./segment_builder_saving.js";
import { Why } from "./segment_builder_why.js";
import { Editor, isUndo } from "./segment_editor.js";
import { element } from "./segment_editor_parts.js";

class Builder {
  constructor(page) {
    this.page = page;
    this.words = { ...page.querySelector("[data-words]").dataset, ...page.querySelector("[data-page-words]").dataset };
    this.editor = this.edit(page.querySelector("[data-tree]"));
    this.why = new Why(page, { json: () => this.editor.asked().json });
    this.preview = new Preview(page, {
      words: this.words,
      onErrors: (errors) => this.editor.tellErrors(errors, this.places),
      onSpans: (spans) => this.editor.tellSpans(spans, this.places),
      onWhy: (one) => this.why.of(one),
    });
    this.saving = new Saving(page, this);
    this.listen();
    this.ask({ now: true });
  }

  edit(place) {
    place.replaceChildren();
    return new Editor(place, {
      description: read("segment-description"),
      words: this.words,
      tree: startTree(),
      valuesUrl: this.page.dataset.values,
      onChange: () => this.changed(),
      announce: (words) => (this.page.querySelector("[data-announce]").textContent = words),
    });
  }

  listen() {
    for (const part of this.page.querySelectorAll("[data-with-script]")) part.hidden = false;
    document.addEventListener("keydown", (event) => this.press(event));
    this.page.querySelector("[data-see-all]").addEventListener("click", (event) => this.seeAll(event.currentTarget.dataset.seeAll));
    this.page.querySelector("[data-undo]").addEventListener("click", () => this.editor.undo());
    this.page.querySelector("[data-redo]").addEventListener("click", () => this.editor.redo());
  }

  // The keys of undo work on the whole page, but where somebody types something else.
  press(event) {
    if (event.defaultPrevented || !isUndo(event) || event.target.matches("input, textarea, [contenteditable]")) return;
    event.preventDefault();
    this.editor[event.shiftKey ? "redo" : "undo"]();
  }

  changed() {
    this.tellUndo();
    this.ask();
    this.saving.changed();
  }

  ask(how) {
    const { json, places, waiting } = this.editor.asked();
    this.places = places;
    this.preview.show(json, waiting, how);
  }

  // All who match what stands here now, saved or not, with what can be done to them; one comes back from there.
  seeAll(url) {
    const token = this.page.querySelector("[name=csrfmiddlewaretoken]").value;
    const hidden = { csrfmiddlewaretoken: token, tree: JSON.stringify(this.editor.asked().json) };
    const fields = Object.entries(hidden).map(([name, value]) => element("input", { type: "hidden", name, value }));
    const form = element("form", { method: "post", action: url, hidden: true }, ...fields);
    this.page.append(form);
    this.saving.kept = this.saving.state();
    form.submit();
  }

  tellUndo() {
    const [undo, redo] = ["undo", "redo"].map((name) => this.page.querySelector(`[data-${name}]`));
    const pressed = document.activeElement;
    undo.disabled = !this.editor.canUndo;
    redo.disabled = !this.editor.canRedo;
    if (pressed.disabled) (pressed === undo ? redo : undo).focus();
  }
}

function read(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

// What was typed without the script may be no JSON at all; it is kept, and said.
function startTree() {
  try {
    return JSON.parse(read("segment-tree"));
  } catch {
    return null;
  }
}

new Builder(document.querySelector("[data-segment-page]"));
