// What is wrong with the conditions: each is told at its part, which is not drawn anew, for somebody may be typing there.

// Where somebody mends what is wrong: the value, the number of a scope, or what else comes first.
const NEAR = [".sb-row [data-value]", ".sb-group-head .sb-number:not([hidden])", ":is(.sb-row, .sb-group-head) :is(select, button)"];

export class Errors {
  constructor(stage) {
    this.stage = stage;
    this.known = new Map();
  }

  of(id) {
    return this.known.get(id) ?? [];
  }

  clear() {
    this.known.clear();
  }

  // Tell all that is wrong now: pairs of a part and words.
  tell(pairs) {
    const before = [...this.known.keys()];
    this.known.clear();
    for (const [id, words] of pairs) this.known.set(id, [...this.of(id), words]);
    for (const id of new Set([...before, ...this.known.keys()])) this.show(id);
  }

  forget(id) {
    if (this.known.delete(id)) this.show(id);
  }

  show(id) {
    const line = this.stage.querySelector(`[data-error="${CSS.escape(id)}"]`);
    if (!line) return;
    const told = this.of(id);
    line.hidden = !told.length;
    line.textContent = told.join(" ");
    for (const field of line.parentElement.querySelectorAll(":scope > .sb-row [data-value]")) markWrong(field, told.length ? line.id : null);
  }

  focusFirst() {
    const line = this.stage.querySelector("[data-error]:not([hidden])");
    const near = NEAR.map((kind) => line?.parentElement.querySelector(`:scope > ${kind}`)).find(Boolean);
    near?.focus();
    line?.scrollIntoView({ block: "center" });
    return Boolean(line);
  }
}

// Mark a field as wrong, by the line that says why; without one, as right.
export function markWrong(field, line) {
  field.toggleAttribute("aria-invalid", line !== null);
  field.toggleAttribute("aria-describedby", line !== null);
  if (line === null) return;
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", line);
}
