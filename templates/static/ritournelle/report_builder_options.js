// What else a report says: of which days, how money is told, how rows are sorted, how many are shown, and the chart.

import { element, fill, select } from "./segment_editor_parts.js";
import { usualSort } from "./report_builder_state.js";

const CHOSEN = "custom";
const MONEY = new Set(["money", "amount"]);

export class Options {
  constructor(page, { catalogue, words, now, set }) {
    Object.assign(this, { page, catalogue, words, now, set });
    this.days = page.querySelector("[data-days]");
    this.rest = page.querySelector("[data-options]");
    this.charts = page.querySelector("[data-charts]");
    this.fits = {};
  }

  get report() {
    return this.now();
  }

  draw() {
    const { report } = this;
    this.days.replaceChildren(...this.daysOf(report));
    this.rest.replaceChildren(...this.restOf(report));
    this.drawCharts();
  }

  tellFits(fits) {
    this.fits = fits;
    this.drawCharts();
  }

  // ---- days

  daysOf({ about, during }) {
    const dates = this.catalogue.dates(about).map((one) => ({ name: one.key, label: one.label }));
    const of = select([{ name: "", label: this.words.anyTime }, ...dates], during?.of ?? "", {
      "data-k": "during:of",
      on: { change: (event) => this.chooseDate(event.target.value) },
    });
    if (!during) return [this.labelled(this.words.dateField, of)];
    const span = select([...this.spans(), { name: CHOSEN, label: this.words.chosenDays }], during.span ?? CHOSEN, {
      "data-k": "during:span",
      on: { change: (event) => this.chooseSpan(event.target.value) },
    });
    const days = during.span ? [] : [this.day("from", this.words.from), this.day("to", this.words.to)];
    return [this.labelled(this.words.dateField, of), this.labelled(this.words.span, span), ...days];
  }

  spans() {
    return this.catalogue.spans.map(({ key, label }) => ({ name: key, label: label.charAt(0).toUpperCase() + label.slice(1) }));
  }

  day(name, label) {
    const value = this.report.during[name] ?? "";
    const change = (event) => this.put({ during: { ...this.report.during, [name]: event.target.value } }, `during:${name}`);
    return this.labelled(label, element("input", { class: "rt-input", type: "date", value, "data-k": `during:${name}`, on: { change } }));
  }

  chooseDate(of) {
    const { during } = this.report;
    this.put({ during: of ? { span: "this_month", ...during, of } : null }, "during:of");
  }

  chooseSpan(span) {
    const { of } = this.report.during;
    const today = new Date().toLocaleDateString("sv");
    this.put({ during: span === CHOSEN ? { of, from: `${today.slice(0, 8)}01`, to: today } : { of, span } }, "during:span");
  }

  // ---- money, order, number of rows

  restOf(report) {
    const limit = element("input", {
      class: "rt-input cr-limit",
      type: "number",
      min: "1",
      max: String(this.catalogue.limits.rows),
      value: String(report.limit),
      "data-k": "limit",
      on: { change: (event) => this.put({ limit: event.target.valueAsNumber || event.target.value }, "limit") },
    });
    const rows = report.groups.length ? [this.labelled(this.words.sort, this.sort(report), "sort"), this.labelled(this.words.limit, limit, "limit")] : [];
    return [...(this.hasMoney(report) ? [this.money(report)] : []), ...rows];
  }

  hasMoney({ about, groups, across, measures }) {
    const kinds = [
      ...measures.map((one) => this.catalogue.measure(about, one.of).kind),
      ...[...groups, across].filter(Boolean).map((one) => this.catalogue.dimension(about, one.by).kind),
    ];
    return kinds.some((kind) => MONEY.has(kind));
  }

  money(report) {
    const choices = this.catalogue.money.map(({ key, label }) => ({ name: key, label }));
    const { target } = this.catalogue;
    const own = select(choices, report.money, { "data-k": "money", on: { change: (event) => this.put({ money: event.target.value }, "money") } });
    const note = report.money === "converted" ? (target ? fill(this.words.target, { target }) : this.words.noRates) : "";
    const rates = note && element("a", { class: "rt-link rt-small", href: this.page.dataset.rates, target: "_blank", rel: "noopener" }, this.words.rates);
    return element("div", { class: "cr-money" }, this.labelled(this.words.money, own, "money", note), rates);
  }

  sort(report) {
    const named = (list, by, name) => report[list].map((one, number) => ({ by, number, label: name(one) }));
    const of = [
      ...named("measures", "measure", (one) => this.measureName(report, one)),
      ...named("groups", "group", (one) => this.catalogue.dimension(report.about, one.by).label),
    ];
    const options = of.flatMap(({ by, number, label }) => [true, false].map((down) => ({ name: JSON.stringify({ by, number, down }), label: fill(down ? this.words.sortDown : this.words.sortUp, { name: label }) })));
    const now = JSON.stringify(ordered(report.sort ?? usualSort(report)));
    return select(options, now, { "data-k": "sort", on: { change: (event) => this.put({ sort: JSON.parse(event.target.value) }, "sort") } });
  }

  measureName({ about }, { of, as }) {
    const source = this.catalogue.measure(about, of);
    return source.hows.length > 1 && as && as !== "count" ? `${source.label} (${this.catalogue.label("hows", as).toLocaleLowerCase()})` : source.label;
  }

  labelled(words, input, path = "", note = "") {
    const hint = note && element("span", { class: "rt-small rt-muted" }, note);
    return element("label", { class: "cr-option" }, element("span", {}, words), input, hint, path && element("span", { class: "sb-error", "data-error-of": path, hidden: true }));
  }

  put(values, key) {
    this.set({ ...this.report, ...values }, { key });
  }

  // ---- the chart

  drawCharts() {
    const focused = document.activeElement?.closest("[data-charts] input")?.value;
    this.charts.replaceChildren(...this.catalogue.charts.map((one) => this.chart(one)), ...this.whys());
    if (focused) this.charts.querySelector(`input[value="${focused}"]`)?.focus();
  }

  chart({ key, label }) {
    const why = this.fits[key] ?? "";
    const isChosen = this.report.chart === key;
    const input = element("input", { type: "radio", name: "cr-chart", value: key, class: "rt-sr", disabled: Boolean(why) && !isChosen, on: { change: () => this.put({ chart: key }, "chart") } });
    input.checked = isChosen;
    return element("label", { class: "cr-chart-kind", title: why || null, "data-why": why ? "" : null }, input, element("span", {}, label));
  }

  // Why some kinds are not offered, each reason once.
  whys() {
    const reasons = new Map();
    for (const { key, label } of this.catalogue.charts) {
      if (this.fits[key]) reasons.set(this.fits[key], [...(reasons.get(this.fits[key]) ?? []), label]);
    }
    return [...reasons].map(([why, kinds]) => element("p", { class: "rt-small rt-muted cr-why" }, kinds.length > 2 ? why : fill(this.words.whyNot, { kinds: kinds.join(", "), why })));
  }
}

const ordered = (sort) => sort && { by: sort.by, number: sort.number, down: sort.down };
