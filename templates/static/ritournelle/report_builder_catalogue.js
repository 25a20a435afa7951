// What can be chosen, as the server describes it: objects with their branches, sections, dimensions and measures.

export class Catalogue {
  constructor(description) {
    Object.assign(this, description);
  }

  object(key) {
    return this.objects.find((one) => one.key === key) ?? this.objects[0];
  }

  sections(about) {
    return this.object(about).branches.flatMap((branch) => branch.sections);
  }

  dimension(about, key) {
    return find(this.sections(about), "dimensions", key);
  }

  measure(about, key) {
    return find(this.sections(about), "measures", key);
  }

  dates(about) {
    return this.object(about).dates.map((key) => this.dimension(about, key));
  }

  label(list, key) {
    return this[list].find((one) => one.key === key)?.label ?? key;
  }

  // A new row: dates by month, unless only longer units are there.
  group(about, key) {
    const { units } = this.dimension(about, key);
    return units.length ? { by: key, unit: units.includes("month") ? "month" : units[0] } : { by: key };
  }

  // The first way of counting that is not there already.
  value(report, key) {
    const { hows } = this.measure(report.about, key);
    const taken = report.measures.filter((one) => one.of === key).map((one) => one.as ?? hows[0]);
    const how = hows.find((one) => !taken.includes(one));
    return how && { of: key, as: how };
  }
}

function find(sections, list, key) {
  const found = sections.flatMap((section) => section[list]).find((one) => one.key === key);
  return found ?? { key, label: key, kind: "text", units: [], hows: [], isGone: true };
}
