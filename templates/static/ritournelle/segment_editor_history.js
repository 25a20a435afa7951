// Steps back and forth. Changes under one key, such as the letters of one input, are one step.

export class History {
  isKept = true;

  constructor(start) {
    this.now = start;
    this.past = [];
    this.future = [];
    this.key = null;
  }

  set(next, key = null) {
    if (next === this.now) return;
    if (key === null || key !== this.key) this.past.push(this.now);
    this.key = key;
    this.now = next;
    this.future = [];
  }

  undo() {
    return this.step(this.past, this.future);
  }

  redo() {
    return this.step(this.future, this.past);
  }

  step(from, to) {
    if (!from.length) return false;
    to.push(this.now);
    this.now = from.pop();
    this.key = null;
    return true;
  }
}

// What stands there now, where somebody else keeps the steps.
export class Present {
  isKept = false;
  past = [];
  future = [];

  constructor(now) {
    this.now = now;
  }

  set(next) {
    this.now = next;
  }
}
