// The page on which a report is built: the tree of what there is, what has been chosen of it, and the answer. Without
// this file the page is a form with the report as text, and shows its answer all the same.

import { Answer } from "./report_builder_answer.js";
import { Catalogue } from "./report_builder_catalogue.js";
import { Files } from "./report_builder_files.js";
import { Options } from "./report_builder_options.js";
import { Saving } from "./report_builder_saving.js";
import { Shelves } from "./report_builder_shelves.js";
import * as reports from "./report_builder_state.js";
import { Tree } from "./report_builder_tree.js";
import { Editor, isUndo } from "./segment_editor.js";
import { History } from "./segment_editor_history.js";
import { fill, select } from "./segment_editor_parts.js";

const NO_CONDITION = { all: [] };

class Builder {
  constructor(page) {
    this.page = page;
    this.words = { ...page.querySelector("[data-words]").dataset, ...page.querySelector("[data-report-words]").dataset };
    this.catalogue = new Catalogue(read("report-description"));
    this.history = new History(this.start());
    const own = { catalogue: this.catalogue, words: this.words, now: () => this.report, set: (report, how) => this.set(report, how) };
    this.tree = new Tree(page.querySelector("[data-tree]"), { ...own, choose: (list, key) => this.take(list, key) });
    this.shelves = new Shelves(page.querySelector("[data-shelves]"), { ...own, take: (list, key) => this.take(list, key) });
    this.options = new Options(page, own);
    this.answer = new Answer(page, {
      words: this.words,
      onErrors: (errors) => this.tellErrors(errors, this.places),
      onFits: (fits) => this.options.tellFits(fits),
    });
    this.listen();
    this.draw();
    this.saving = new Saving(page, this);
    this.files = new Files(page, {
      words: this.words,
      report: () => this.asked().report,
      name: () => this.saving.form.elements.name.value,
      say: (words) => this.saving.say(words),
      fail: (words) => this.saving.notice(words),
    });
    this.begin();
  }

  // What was typed without the script may be no report at all; then one begins with the usual number.
  start() {
    const [first] = this.catalogue.objects;
    const blank = { ...reports.startOf(first), money: "apart", limit: 20, chart: "none" };
    try {
      const known = JSON.parse(read("report-definition"));
      const isThere = this.catalogue.objects.some((one) => one.key === known.about);
      return isThere && Array.isArray(known.groups) && Array.isArray(known.measures) ? { ...blank, ...known } : blank;
    } catch {
      return blank;
    }
  }

  begin() {
    const fits = document.getElementById("report-fits");
    if (fits) this.options.tellFits(JSON.parse(fits.textContent));
    this.ask({ isKnown: Boolean(fits) });
  }

  get report() {
    return this.history.now;
  }

  listen() {
    document.addEventListener("keydown", (event) => this.press(event));
    for (const step of ["undo", "redo"]) this.page.querySelector(`[data-${step}]`).addEventListener("click", () => this.step(step));
  }

  press(event) {
    if (event.defaultPrevented || !isUndo(event) || event.target.matches("input:not([type=radio]), textarea")) return;
    event.preventDefault();
    this.step(event.shiftKey ? "redo" : "undo");
  }

  // ---- changing

  // Take a changed report; `key` joins what is one step, the first of `focus` that is there is used next.
  set(report, { key = null, said = "", focus = [], drawn = true } = {}) {
    if (report === this.report) return;
    this.history.set(report, key);
    if (drawn) this.draw(focus);
    if (said) this.announce(said);
    this.changed();
  }

  changed() {
    this.tellUndo();
    this.ask();
    this.saving.changed();
  }

  step(name) {
    if (!this.history[name]()) return;
    this.draw();
    this.announce(this.words[name === "undo" ? "undone" : "redone"]);
    this.changed();
  }

  // What is taken from the tree goes where it belongs; what is there already, or has no room, is said.
  take(list, key) {
    const { report, words } = this;
    const { limits } = this.catalogue;
    if (list === "measures") return this.takeValue(key);
    const { label } = this.catalogue.dimension(report.about, key);
    if (reports.has(report, key)) return this.announce(fill(words.there, { name: label }), true);
    const one = this.catalogue.group(report.about, key);
    if (list === "across") return this.set({ ...report, across: one }, { said: fill(words.nowColumns, { name: label }) });
    if (report.groups.length >= limits.groups) return this.announce(fill(words.fullRows, { count: limits.groups }), true);
    return this.set(reports.add(report, "groups", one), { said: fill(words.nowRow, { name: label }) });
  }

  takeValue(key) {
    const { report, words } = this;
    const { label } = this.catalogue.measure(report.about, key);
    const one = this.catalogue.value(report, key);
    if (!one) return this.announce(fill(words.there, { name: label }), true);
    if (report.measures.length >= this.catalogue.limits.measures) return this.announce(fill(words.fullValues, { count: this.catalogue.limits.measures }), true);
    return this.set(reports.add(report, "measures", one), { said: fill(words.nowValue, { name: label }) });
  }

  chooseAbout(key) {
    this.set(reports.changeAbout(this.report, this.catalogue.object(key)), { focus: ["about"] });
  }

  // ---- showing

  draw(focus = []) {
    const key = document.activeElement?.dataset.k;
    this.drawAbout();
    this.tree.draw(this.report.about);
    this.shelves.draw();
    this.options.draw();
    this.drawConditions();
    const places = key ? [...focus, key] : focus;
    const found = places.map((one) => this.placeOf(one)).find((one) => one && !one.disabled);
    if (found && found !== document.activeElement) found.focus();
  }

  placeOf(key) {
    return key === "search" ? this.tree.search : this.page.querySelector(`[data-k="${CSS.escape(key)}"]`);
  }

  drawAbout() {
    const options = this.catalogue.objects.map(({ key, label }) => ({ name: key, label }));
    const own = select(options, this.report.about, { "data-k": "about", id: "cr-about", on: { change: (event) => this.chooseAbout(event.target.value) } });
    this.page.querySelector("[data-about]").replaceChildren(own);
  }

  // The editor of conditions is drawn once for each object, and follows what undo brings back.
  drawConditions() {
    const where = this.report.where ?? NO_CONDITION;
    if (this.editor && this.editorAbout === this.report.about) {
      if (JSON.stringify(this.editor.json) !== JSON.stringify(where)) this.editor.set(where);
      return;
    }
    this.editor?.destroy();
    this.editorAbout = this.report.about;
    const isOfPayments = this.report.about === "payments";
    this.editor = new Editor(this.page.querySelector("[data-conditions]"), {
      description: read("report-conditions"),
      words: this.words,
      tree: where,
      valuesUrl: this.page.dataset.values,
      insidePayment: isOfPayments,
      mixed: isOfPayments,
      history: false,
      announce: (words) => this.announce(words),
      onChange: (json, { key }) => this.set({ ...this.report, where: isEmpty(json) ? null : json }, { key, drawn: false }),
    });
  }

  tellUndo() {
    this.page.querySelector("[data-undo]").disabled = !this.history.past.length;
    this.page.querySelector("[data-redo]").disabled = !this.history.future.length;
  }

  announce(words, isSeen = false) {
    this.page.querySelector("[data-announce]").textContent = words;
    if (isSeen) this.saving.say(words);
  }

  // ---- asking and saving

  // The report without conditions that wait for their value, and by which places its errors come back.
  asked() {
    const { json, places, waiting } = this.editor.asked();
    return { report: { ...this.report, where: isEmpty(json) ? null : json }, places, waiting };
  }

  written() {
    const { json, places } = this.editor.written();
    return { report: { ...this.report, where: isEmpty(json) ? null : json }, places };
  }

  ask(how) {
    const { report, places, waiting } = this.asked();
    this.places = places;
    const note = this.page.querySelector("[data-left-out]");
    note.hidden = !waiting;
    note.textContent = waiting === 1 ? this.words.oneLeftOut : fill(this.words.manyLeftOut, { count: waiting });
    this.answer.show(report, how);
  }

  // What is wrong is told at its place: the path of a part leads to its line, or to the line of what it is in.
  tellErrors(errors, places) {
    const ofConditions = Object.entries(errors).filter(([path]) => path === "where" || /^where[.[]/.test(path));
    this.editor.tellErrors(Object.fromEntries(ofConditions.map(([path, words]) => [path.replace(/^where\.?/, ""), words])), places);
    const others = Object.entries(errors).filter((one) => !ofConditions.includes(one));
    const told = new Map();
    for (const [path, words] of others) {
      const line = this.lineOf(path);
      told.set(line, [...(told.get(line) ?? []), words]);
    }
    for (const line of this.page.querySelectorAll("[data-error-of]")) this.tellLine(line, told.get(line) ?? []);
  }

  tellLine(line, words) {
    line.hidden = !words.length;
    line.textContent = words.join(" ");
    const field = line.parentElement.querySelector("select, input");
    if (!field) return;
    if (words.length) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }

  lineOf(path) {
    const lines = [...this.page.querySelectorAll("[data-error-of]")];
    const leads = ({ dataset: { errorOf: at } }) => path === at || (path.startsWith(at) && [".", "["].includes(path.charAt(at.length)));
    const found = lines.filter(leads).sort((one, other) => other.dataset.errorOf.length - one.dataset.errorOf.length)[0];
    return found ?? this.page.querySelector('[data-error-of=""]');
  }
}

const isEmpty = (json) => JSON.stringify(json) === JSON.stringify(NO_CONDITION);

function read(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

new Builder(document.querySelector("[data-report-page]"));
