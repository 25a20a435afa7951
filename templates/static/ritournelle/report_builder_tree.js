// The tree of what a report is about: an arrow opens an object, another one its sections; a field becomes a row, a value
// is counted. Arrows walk through what is open, Enter chooses, and typing in the search opens what fits.

import { element, icon, iconButton, fill, plain } from "./segment_editor_parts.js";

const SIGNS = { date: "calendar_month", flag: "toggle_on", thing: "category", choice: "list", text: "text_fields", integer: "pin", amount: "paid" };

export class Tree {
  // `choose(list, key)` is told what is taken: "groups", "across" or "measures".
  constructor(place, { catalogue, words, choose }) {
    Object.assign(this, { place, catalogue, words, choose });
    this.list = place.querySelector("[data-tree-list]");
    this.search = place.querySelector("[data-tree-search]");
    this.none = place.querySelector("[data-tree-none]");
    this.search.addEventListener("input", () => this.filter());
    this.search.addEventListener("keydown", (event) => this.fromSearch(event));
    this.list.addEventListener("click", (event) => this.click(event));
    this.list.addEventListener("keydown", (event) => this.press(event));
    this.list.addEventListener("dragstart", (event) => this.drag(event));
  }

  draw(about) {
    if (this.about === about) return;
    this.about = about;
    const branches = this.catalogue.object(about).branches;
    this.list.replaceChildren(...branches.map((branch, index) => this.branch(branch, index === 0)));
    this.filter();
  }

  branch(branch, isFirst) {
    const [only] = branch.sections;
    const inside = branch.sections.length === 1 && only.key === branch.key ? this.items(only) : branch.sections.map((one) => this.section(one));
    return element("details", { class: "cr-branch", "data-branch": branch.key, open: isFirst }, this.summary(branch.label), inside);
  }

  section(section) {
    return element("details", { class: "cr-section", "data-section": section.key }, this.summary(section.label), this.items(section));
  }

  summary(label) {
    return element("summary", {}, icon("chevron_right"), element("span", {}, label));
  }

  items(section) {
    const lists = [
      ["groups", section.dimensions, this.words.dimensions],
      ["measures", section.measures, this.words.measures],
    ].filter(([, known]) => known.length);
    return lists.map(([list, known, label]) =>
      element(
        "div",
        { class: "cr-items" },
        lists.length > 1 && element("p", { class: "cr-items-title", "aria-hidden": "true" }, label),
        element("ul", { role: "list", "aria-label": `${section.label}, ${label}` }, known.map((one) => this.item(list, one, section))),
      ),
    );
  }

  item(list, one, section) {
    const sign = list === "measures" ? "functions" : (SIGNS[one.kind] ?? "label");
    const label = fill(list === "measures" ? this.words.addValue : this.words.addRow, { name: one.label });
    const choose = element(
      "button",
      { type: "button", class: `cr-item cr-item-${list}`, draggable: "true", "data-list": list, "data-key": one.key, "aria-label": label, title: label },
      icon(sign),
      element("span", {}, one.label),
    );
    const across = list === "groups" && iconButton("view_column", fill(this.words.addColumns, { name: one.label }), { "data-list": "across", "data-key": one.key, class: "rt-icon-button cr-across" });
    return element("li", { "data-text": plain(`${one.label} ${section.label}`) }, choose, across);
  }

  click(event) {
    const button = event.target.closest("[data-key]");
    if (button) this.choose(button.dataset.list, button.dataset.key);
  }

  drag(event) {
    const { list, key } = event.target.closest("[data-key]").dataset;
    event.dataTransfer.setData("application/x-report-field", JSON.stringify({ list, key }));
    event.dataTransfer.effectAllowed = "copy";
  }

  // ---- by keyboard

  press(event) {
    const summary = event.target.closest("summary");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.walk(event, step);
    else if (event.key === "ArrowRight" && summary) this.open(event, summary.parentElement, true);
    else if (event.key === "ArrowLeft") this.close(event, summary);
  }

  walk(event, step) {
    event.preventDefault();
    const all = this.stops();
    const next = all[all.indexOf(event.target.closest("summary, .cr-item") ?? event.target.parentElement.querySelector(".cr-item")) + step];
    (next ?? (step < 0 ? this.search : null))?.focus();
  }

  stops() {
    return [...this.list.querySelectorAll("summary, .cr-item")].filter((one) => one.checkVisibility());
  }

  open(event, part, isOpen) {
    event.preventDefault();
    part.open = isOpen;
  }

  // To the left, what is open is closed, and from inside one goes to what it is in.
  close(event, summary) {
    const part = event.target.closest("details");
    if (summary && part.open) return this.open(event, part, false);
    const around = summary ? part.parentElement.closest("details") : part;
    event.preventDefault();
    around?.querySelector("summary").focus();
  }

  fromSearch(event) {
    if (event.key === "Escape" && this.search.value) {
      event.preventDefault();
      this.search.value = "";
      this.filter();
    } else if (event.key === "ArrowDown" || event.key === "Enter") {
      event.preventDefault();
      const typed = plain(this.search.value).trim();
      const found = this.stops().filter((one) => !typed || one.matches(".cr-item"));
      if (event.key === "Enter" && typed) best(found, typed)?.click();
      else found[0]?.focus();
    }
  }

  // ---- searching

  filter() {
    const wanted = plain(this.search.value).split(/\s+/).filter(Boolean);
    for (const row of this.list.querySelectorAll("li[data-text]")) row.hidden = !wanted.every((word) => row.dataset.text.includes(word));
    for (const list of this.list.querySelectorAll(".cr-items")) list.hidden = !list.querySelector("li:not([hidden])");
    for (const part of [...this.list.querySelectorAll("details")].reverse()) this.show(part, wanted.length > 0);
    this.none.hidden = this.list.querySelector("li:not([hidden])") !== null;
  }

  // While one searches, what fits is open; afterwards all is as it was.
  show(part, isSearched) {
    part.hidden = !part.querySelector("li:not([hidden])");
    if (isSearched) {
      part.dataset.was ??= String(part.open);
      part.open = !part.hidden;
    } else if (part.dataset.was) {
      part.open = part.dataset.was === "true";
      delete part.dataset.was;
    }
  }
}

// What is called as it was typed comes before what begins so, and that before all else.
function best(items, typed) {
  const names = items.map((one) => plain(one.lastElementChild.textContent));
  const found = [names.indexOf(typed), names.findIndex((name) => name.startsWith(typed)), 0].find((index) => index >= 0);
  return items[found];
}
