// A report that is built, as the JSON that the server reads; every change makes a new one, so that each is a step to go
// back to. What a change moves away, such as the row that a sorting is about, is followed.

export const LISTS = { groups: "group", measures: "measure" };

// Sort days by themselves, and all else by how much it is.
export function usualSort({ groups, measures }) {
  if (groups.length && groups[0].unit) return { by: "group", number: 0, down: false };
  return measures.length ? { by: "measure", number: 0, down: true } : null;
}

export function startOf(object) {
  return { about: object.key, groups: [], across: null, measures: [{ ...object.usual }], where: null, during: null, sort: null };
}

// What is about something else begins anew; days, conditions and fields mean something else there.
export function changeAbout(report, object) {
  return { ...report, ...startOf(object), sort: usualSort({ groups: [], measures: [object.usual] }) };
}

export function add(report, list, one) {
  return withSort({ ...report, [list]: [...report[list], one] }, report, list, (number) => number);
}

export function change(report, list, index, values) {
  return { ...report, [list]: report[list].map((one, at) => (at === index ? { ...one, ...values } : one)) };
}

export function remove(report, list, index) {
  const next = { ...report, [list]: report[list].toSpliced(index, 1) };
  return withSort(next, report, list, (number) => (number === index ? null : number > index ? number - 1 : number));
}

export function move(report, list, index, to) {
  const order = report[list].map((_, at) => at);
  order.splice(to, 0, ...order.splice(index, 1));
  const next = { ...report, [list]: order.map((at) => report[list][at]) };
  return withSort(next, report, list, (number) => order.indexOf(number));
}

// A row becomes the columns; what was there becomes a row in its place.
export function toColumns(report, index) {
  const one = report.groups[index];
  const kept = remove(report, "groups", index);
  const back = report.across ? { ...kept, groups: kept.groups.toSpliced(index, 0, report.across) } : kept;
  return { ...back, across: one };
}

export function toRows(report) {
  return { ...add(report, "groups", report.across), across: null };
}

function withSort(next, before, list, follow) {
  const { sort } = before;
  const isUsual = !sort || JSON.stringify(sort) === JSON.stringify(usualSort(before));
  if (isUsual) return { ...next, sort: usualSort(next) };
  if (sort.by !== LISTS[list]) return next;
  const number = follow(sort.number);
  return { ...next, sort: number === null ? usualSort(next) : { ...sort, number } };
}

// Whether something is there already: a field is a row or the columns once, a value once in each way.
export function has(report, key) {
  return [...report.groups, report.across].some((one) => one?.by === key);
}
