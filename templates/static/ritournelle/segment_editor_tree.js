// The tree that is built: groups, frames around recurring payments, and conditions. Every change makes a new tree, so
// that each old one is a step to go back to.
//
// A group joins its parts by "all", "any", "none" or "not_all". A frame is a group with a scope. What was loaded "bare"
// was no group of its own, and is written as it was. The root may stand inside a payment's frame, as those of triggers do.

let last = 0;
const fresh = () => `n${++last}`;
export const ROOT = "root";
const NEGATIVE = { any: "none", all: "not_all" };
const POSITIVE = { none: "any", not_all: "all" };

// ---- from JSON and back

export function load(json, language, { ofPayment = false, mixed = false } = {}) {
  return { ...group(json, language), id: ROOT, ofPayment, mixed };
}

function group(json, language) {
  const inner = "not" in json ? json.not : json;
  const joint = ["all", "any"].find((key) => key in inner);
  const known = { id: fresh(), type: "group" };
  if (joint) return { ...known, joint: "not" in json ? NEGATIVE[joint] : joint, parts: inner[joint].map((part) => node(part, language)) };
  if ("not" in json) return { ...known, joint: "none", parts: [node(inner, language)] };
  return { ...known, joint: "all", parts: [node(json, language)], bare: true };
}

function node(json, language) {
  if ("recurring_payment" in json) return { ...group(json.recurring_payment, language), type: "frame", ...scope(json.match) };
  if (["all", "any", "not"].some((key) => key in json)) return group(json, language);
  return { ...language.read(json), id: fresh() };
}

function scope(match = "any") {
  if (typeof match === "string") return { scope: match, number: "2" };
  const [[name, number]] = Object.entries(match);
  return { scope: name, number: String(number) };
}

// Write a tree as JSON, with the place of each node, by which errors come back.
export function dump(tree, language) {
  const places = new Map();
  const write = (one, path) => {
    places.set(path, one.id);
    if (one.type === "condition") return language.write(one);
    if (one.type === "group") return writeGroup(one, path, write);
    return { recurring_payment: writeGroup(one, below(path, "recurring_payment"), write), match: writeScope(one, language) };
  };
  return { json: write(tree, ""), places };
}

function writeGroup({ joint, parts, bare }, path, write) {
  if (bare && joint === "all" && parts.length === 1) return write(parts[0], path);
  const key = POSITIVE[joint];
  if (key && parts.length === 1) return { not: write(parts[0], below(path, "not")) };
  const here = key ? below(below(path, "not"), key) : below(path, joint);
  const list = parts.map((part, index) => write(part, `${here}[${index}]`));
  return key ? { not: { [key]: list } } : { [joint]: list };
}

function writeScope({ scope: name, number }, language) {
  const counted = language.scopes.find((one) => one.name === name)?.counted;
  return counted ? { [name]: /^\d{1,9}$/.test(number.trim()) ? Number(number) : number } : name;
}

const below = (path, key) => (path ? `${path}.${key}` : key);

// Whose error it is: the node that stands deepest on the way to the path.
export function owner(places, path) {
  const leads = (place) => place === "" || (path.startsWith(place) && ["", ".", "["].includes(path.charAt(place.length)));
  const found = [...places.keys()].filter(leads).sort((a, b) => b.length - a.length)[0];
  return places.get(found);
}

// What can be asked already: without conditions that wait for a value, and without groups that are empty.
export function asked(one, isComplete) {
  if (one.type === "condition") return isComplete(one) ? one : null;
  const parts = one.parts.map((part) => asked(part, isComplete)).filter(Boolean);
  if (!parts.length && one.type === "group" && one.id !== ROOT) return null;
  return { ...one, parts, joint: parts.length || !one.parts.length ? one.joint : "all" };
}

// Give the parts of a loaded tree the ids that the same parts, or else parts of the same type, have in another.
export function adopt(one, old) {
  if (!one.parts || !old.parts) return { ...one, id: old.id };
  const left = new Set(old.parts);
  const take = (fits) => {
    const found = [...left].find(fits);
    left.delete(found);
    return found;
  };
  const equal = one.parts.map((part) => take((other) => meaning(other) === meaning(part)));
  const parts = one.parts.map((part, index) => {
    const like = equal[index] ?? take((other) => other.type === part.type);
    return like ? adopt(part, like) : part;
  });
  return { ...one, parts, id: old.id };
}

function meaning(one) {
  return JSON.stringify(one, (key, value) => (key === "id" ? undefined : value));
}

// ---- finding

export function find(tree, id, above = null, inside = false) {
  if (tree.id === id) return { node: tree, parent: above, index: above ? above.parts.indexOf(tree) : 0, inside };
  for (const part of tree.parts ?? []) {
    const found = find(part, id, tree, inside || opens(tree));
    if (found) return found;
  }
  return null;
}

export function conditions(one) {
  return one.type === "condition" ? [one] : one.parts.flatMap(conditions);
}

export function holds(one, id) {
  return one.id === id || (one.parts ?? []).some((part) => holds(part, id));
}

// Whether a node may stand inside a frame, or outside of all.
export function fits(one, inside) {
  if (one.type === "frame") return !inside;
  if (one.type === "condition") return (one.key === "field") === inside;
  return one.parts.every((part) => fits(part, inside));
}

// Whether what stands in it is inside the frame of a payment.
const opens = (one) => one.type === "frame" || one.ofPayment === true;

// Whether a part may be moved into a group or frame.
export function mayGo(tree, id, parentId) {
  const { node: one } = find(tree, id);
  return !holds(one, parentId) && (tree.mixed || fits(one, isInside(tree, parentId)));
}

export function isInside(tree, parentId) {
  const { node: parent, inside } = find(tree, parentId);
  return inside || opens(parent);
}

// ---- changing

export function change(tree, id, values) {
  if (tree.id === id) return { ...tree, ...values };
  return tree.parts ? { ...tree, parts: tree.parts.map((part) => change(part, id, values)) } : tree;
}

export function insert(tree, parentId, index, one) {
  const { node: parent } = find(tree, parentId);
  return change(tree, parentId, { parts: parent.parts.toSpliced(index, 0, one) });
}

export function remove(tree, id) {
  const { parent } = find(tree, id);
  return change(tree, parent.id, { parts: parent.parts.filter((part) => part.id !== id) });
}

export function move(tree, id, parentId, index) {
  const { node: one, parent, index: old } = find(tree, id);
  const shift = parent.id === parentId && old < index ? 1 : 0;
  return insert(remove(tree, id), parentId, index - shift, one);
}

export function wrap(tree, id) {
  const { node: one } = find(tree, id);
  const made = makeGroup([one]);
  return { tree: replace(tree, id, made), id: made.id };
}

export function replace(tree, id, one) {
  const { parent, index } = find(tree, id);
  return insert(remove(tree, id), parent.id, index, one);
}

export function copy(one) {
  return { ...one, id: fresh(), ...(one.parts ? { parts: one.parts.map(copy) } : {}) };
}

export function makeGroup(parts = [], joint = "any") {
  return { id: fresh(), type: "group", joint, parts };
}

export function makeFrame(parts, scope) {
  return { id: fresh(), type: "frame", joint: "all", parts, scope, number: "2" };
}

export function makeCondition(language, subject) {
  return { ...language.condition(subject), id: fresh() };
}

// ---- where a step leads

// Where a node goes by a step, as a parent and an index there; null where it cannot.
export function destination(tree, id, step) {
  const place = find(tree, id);
  if (!place?.parent) return null;
  const found = STEPS[step](tree, place);
  return found && (tree.mixed || fits(place.node, isInside(tree, found.parent))) ? found : null;
}

const STEPS = {
  up: (tree, { parent, index }) => (index > 0 ? { parent: parent.id, index: index - 1 } : beside(tree, parent, 0)),
  down: (tree, { parent, index }) =>
    index < parent.parts.length - 1 ? { parent: parent.id, index: index + 2 } : beside(tree, parent, 1),
  into: (_tree, { parent, index }) => {
    const [above, under] = [parent.parts[index - 1], parent.parts[index + 1]];
    if (above?.parts) return { parent: above.id, index: above.parts.length };
    return under?.parts ? { parent: under.id, index: 0 } : null;
  },
  out: (tree, { parent }) => beside(tree, parent, 1),
};

function beside(tree, group, offset) {
  const { parent, index } = find(tree, group.id);
  return parent ? { parent: parent.id, index: index + offset } : null;
}
