// Rows, columns and values: what has been chosen, in its order, each with its unit or its way of counting.

import { element, fill, iconButton, select } from "./segment_editor_parts.js";
import * as reports from "./report_builder_state.js";

export class Shelves {
  // `now()` is the report, `set(report, how)` takes a changed one; `take(list, key)` what is dropped from the tree.
  constructor(place, { catalogue, words, now, set, take }) {
    Object.assign(this, { place, catalogue, words, now, set, take });
    place.addEventListener("keydown", (event) => this.press(event));
    for (const shelf of place.querySelectorAll("[data-shelf]")) this.enableDrop(shelf);
  }

  get report() {
    return this.now();
  }

  draw() {
    const { report } = this;
    this.fill("groups", report.groups.map((one, index) => this.chip("groups", one, index)));
    this.fill("across", report.across ? [this.chip("across", report.across, 0)] : []);
    this.fill("measures", report.measures.map((one, index) => this.chip("measures", one, index)));
  }

  fill(name, chips) {
    const shelf = this.place.querySelector(`[data-shelf="${name}"]`);
    shelf.querySelector("[data-chips]").replaceChildren(...chips);
    shelf.querySelector("[data-shelf-empty]").hidden = chips.length > 0;
  }

  chip(list, one, index) {
    const name = this.name(list, one);
    const row = element("div", { class: "cr-chip-row" }, element("span", { class: "cr-chip-name", title: name }, name), this.choice(list, one, index, name), this.tools(list, index, name));
    const path = list === "across" ? "across" : `${list}[${index}]`;
    return element("li", { class: "cr-chip", "data-list": list, "data-index": index }, row, element("p", { class: "sb-error", id: `cr-error-${list}-${index}`, "data-error-of": path, hidden: true }));
  }

  name(list, one) {
    const { about } = this.report;
    return list === "measures" ? this.catalogue.measure(about, one.of).label : this.catalogue.dimension(about, one.by).label;
  }

  // The unit of a date, or the way in which a value is counted, where there is more than one.
  choice(list, one, index, name) {
    const { about } = this.report;
    const [options, chosen, words, key] =
      list === "measures"
        ? [this.catalogue.measure(about, one.of).hows, one.as, this.words.how, "as"]
        : [this.catalogue.dimension(about, one.by).units, one.unit, this.words.unit, "unit"];
    if (options.length < 2) return null;
    const labels = list === "measures" ? "hows" : "units";
    const offered = options.map((option) => ({ name: option, label: this.catalogue.label(labels, option) }));
    return select(offered, chosen ?? options[0], {
      class: "rt-input cr-chip-choice",
      "aria-label": fill(words, { name }),
      "data-k": `${list}:${index}:choice`,
      on: { change: (event) => this.choose(list, index, key, event.target.value) },
    });
  }

  choose(list, index, key, value) {
    const changed = list === "across" ? { ...this.report, across: { ...this.report.across, [key]: value } } : reports.change(this.report, list, index, { [key]: value });
    this.set(changed, { key: `choice:${list}:${index}` });
  }

  tools(list, index, name) {
    const count = list === "across" ? 1 : this.report[list].length;
    const button = (act, sign, words, disabled = false) =>
      iconButton(sign, fill(words, { name }), { "data-chip-act": act, "data-k": `${list}:${index}:${act}`, disabled, on: { click: () => this.act(act, list, index) } });
    return element(
      "span",
      { class: "cr-chip-tools" },
      list === "groups" && button("columns", "view_column", this.words.toColumns),
      list === "across" && button("rows", "table_rows", this.words.toRows, this.report.groups.length >= this.catalogue.limits.groups),
      count > 1 && button("up", "arrow_upward", this.words.moveUp, index === 0),
      count > 1 && button("down", "arrow_downward", this.words.moveDown, index === count - 1),
      button("remove", "close", this.words.remove),
    );
  }

  act(act, list, index) {
    const one = list === "across" ? this.report.across : this.report[list][index];
    const name = this.name(list, one);
    ACTS[act](this, { list, index, name });
  }

  go(list, index, to, name, act) {
    const { length } = this.report[list];
    if (to < 0 || to >= length) return;
    const said = fill(this.words.moved, { name, position: to + 1, count: length });
    this.set(reports.move(this.report, list, index, to), { said, focus: [`${list}:${to}:${act}`, `${list}:${to}:remove`] });
  }

  press(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const chip = event.target.closest(".cr-chip");
    if (!step || !chip || !event.altKey || event.target.matches("select") || chip.dataset.list === "across") return;
    event.preventDefault();
    const { list } = chip.dataset;
    const index = Number(chip.dataset.index);
    this.go(list, index, index + step, this.name(list, this.report[list][index]), step < 0 ? "up" : "down");
  }

  // ---- what is dragged from the tree

  enableDrop(shelf) {
    const carries = (event) => event.dataTransfer.types.includes("application/x-report-field");
    shelf.addEventListener("dragover", (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      shelf.toggleAttribute("data-over", true);
    });
    shelf.addEventListener("dragleave", () => shelf.removeAttribute("data-over"));
    shelf.addEventListener("drop", (event) => this.drop(event, shelf));
  }

  drop(event, shelf) {
    event.preventDefault();
    shelf.removeAttribute("data-over");
    const { list, key } = JSON.parse(event.dataTransfer.getData("application/x-report-field"));
    const to = shelf.dataset.shelf;
    this.take(list === "measures" ? "measures" : to === "across" ? "across" : "groups", key);
  }
}

const ACTS = {
  up: (shelves, { list, index, name }) => shelves.go(list, index, index - 1, name, "up"),
  down: (shelves, { list, index, name }) => shelves.go(list, index, index + 1, name, "down"),
  columns: (shelves, { index, name }) => shelves.set(reports.toColumns(shelves.report, index), { said: fill(shelves.words.nowColumns, { name }), focus: ["across:0:rows"] }),
  rows: (shelves, { name }) => shelves.set(reports.toRows(shelves.report), { said: fill(shelves.words.nowRow, { name }), focus: [`groups:${shelves.report.groups.length}:remove`] }),
  remove(shelves, { list, index, name }) {
    const changed = list === "across" ? { ...shelves.report, across: null } : reports.remove(shelves.report, list, index);
    const focus = [`${list}:${index}:remove`, `${list}:${index - 1}:remove`, "search"];
    shelves.set(changed, { said: fill(shelves.words.removed, { name }), focus });
  },
};
