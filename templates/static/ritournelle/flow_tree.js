// A flow as JSON, and what can be done to it; every change makes a new one.

// Every trigger and step in the order of reading, with where it stands: `path` as the server writes it, `parent` and
// `branch` of the list it is in, `index` there and `level` of nesting.
export function* every(flow) {
  for (const [index, part] of flow.triggers.entries()) yield { part, path: `triggers[${index}]`, parent: null, branch: "triggers", index, level: 0, list: flow.triggers };
  yield* steps(flow.steps, "steps", { parent: null, branch: "steps", level: 1 });
}

function* steps(list, path, place) {
  for (const [index, part] of list.entries()) {
    const here = `${path}[${index}]`;
    yield { part, path: here, index, list, ...place };
    for (const branch of branchesOf(part)) yield* steps(part[branch], `${here}.${branch}`, { parent: part.id, branch, level: place.level + 1 });
  }
}

// The names of the branches of each kind of step, told once by the page.
const BRANCHES = new Map();

export function learn(steps) {
  for (const { name, branches } of steps) BRANCHES.set(name, branches.map((one) => one.name));
}

export function branchesOf(part) {
  return "do" in part ? (BRANCHES.get(part.do) ?? []) : [];
}

// A flow as the builder works on it: with a list for every branch, and an id for every part.
export function load(json) {
  const flow = structuredClone(json);
  const list = (value) => (Array.isArray(value) ? value.filter((one) => one && typeof one === "object" && !Array.isArray(one)) : []);
  const whole = (part) => {
    part.id = typeof part.id === "string" && part.id ? part.id : newId();
    for (const branch of branchesOf(part)) part[branch] = list(part[branch]).map(whole);
    return part;
  };
  return { triggers: list(flow?.triggers).map(whole), runs: flow?.runs ?? "once_a_contact", steps: list(flow?.steps).map(whole) };
}

export function find(flow, id) {
  for (const one of every(flow)) if (one.part.id === id) return one;
  return null;
}

export function holds(part, id) {
  return branchesOf(part).some((branch) => part[branch].some((one) => one.id === id || holds(one, id)));
}

export function newId() {
  const letters = crypto.getRandomValues(new Uint8Array(9));
  return [...letters].map((byte) => (byte % 36).toString(36)).join("");
}

// Make a step or trigger of a kind, with empty branches; what it needs besides is asked for in the panel.
export function make(kind, key) {
  const made = { id: newId(), [key]: kind.name };
  for (const { name } of kind.branches ?? []) made[name] = [];
  return made;
}

// The list that is meant by a place; `flow` must be one that may be changed.
function listOf(flow, { parent, branch }) {
  return parent === null ? flow[branch] : find(flow, parent).part[branch];
}

export function insert(flow, place, index, part) {
  const next = structuredClone(flow);
  listOf(next, place).splice(index, 0, structuredClone(part));
  return next;
}

export function remove(flow, id) {
  const next = structuredClone(flow);
  const { list, index } = find(next, id);
  list.splice(index, 1);
  return next;
}

// Set options of a part; those that are undefined are said no more.
export function change(flow, id, values) {
  const next = structuredClone(flow);
  const { part } = find(next, id);
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) delete part[name];
    else part[name] = value;
  }
  return next;
}

export function move(flow, id, place, index) {
  const from = find(flow, id);
  if (place.parent !== null && (place.parent === id || holds(from.part, place.parent))) return flow;
  const isSame = from.parent === place.parent && from.branch === place.branch;
  const to = isSame && index > from.index ? index - 1 : index;
  if (isSame && to === from.index) return flow;
  return insert(remove(flow, id), place, to, from.part);
}

export function copy(part) {
  const made = { ...structuredClone(part), id: newId() };
  for (const branch of branchesOf(made)) made[branch] = made[branch].map(copy);
  return made;
}

// Where a key takes a step: up and down in its list and, at the ends, out of its branch; into the branch of what stands
// below; or out. Null where there is no such place.
export function destination(flow, id, step) {
  const at = find(flow, id);
  const outer = at.parent === null ? null : find(flow, at.parent);
  const beside = (one, index) => ({ place: { parent: one.parent, branch: one.branch }, index });
  const below = at.list[at.index + 1];
  return {
    up: () => (at.index > 0 ? beside(at, at.index - 1) : outer && beside(outer, outer.index)),
    down: () => (at.index < at.list.length - 1 ? beside(at, at.index + 2) : outer && beside(outer, outer.index + 1)),
    into: () => below && branchesOf(below).length ? { place: { parent: below.id, branch: branchesOf(below)[0] }, index: 0 } : nextBranch(at, outer),
    out: () => outer && beside(outer, outer.index + 1),
  }[step]();
}

// From one branch into the one beside it.
function nextBranch(at, outer) {
  if (!outer) return null;
  const names = branchesOf(outer.part);
  const next = names[names.indexOf(at.branch) + 1];
  return next ? { place: { parent: outer.part.id, branch: next }, index: outer.part[next].length } : null;
}

export function countSteps(flow) {
  return [...every(flow)].filter((one) => one.level > 0).length;
}

export function depthOf(part) {
  const below = branchesOf(part).flatMap((branch) => part[branch].map(depthOf));
  return branchesOf(part).length ? 1 + Math.max(0, ...below) : 0;
}
