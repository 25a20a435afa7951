// Who matches, live: asked a moment after the last change; what was asked before is given up, and its answer ignored.

import { element, later } from "./segment_editor_parts.js";

const PAUSE = 250; // milliseconds after the last change
const SLOW = 400; // milliseconds after which the old count is shown as old

export class Preview {
  constructor(page, { words, onErrors, onSpans, onWhy }) {
    Object.assign(this, { page, words, onErrors, onSpans, onWhy });
    this.number = 0;
    this.soon = later(PAUSE, () => this.ask());
  }

  // Show who matches this tree; `leftOut` conditions wait for their value.
  show(json, leftOut, { now = false } = {}) {
    this.next = JSON.stringify(json);
    this.leftOut = leftOut;
    if (this.next === this.answered) {
      this.number += 1; // what is on its way is of something else
      return this.tellLeftOut();
    }
    this.asking?.abort();
    this.number += 1;
    this.tellLeftOut();
    return now ? this.ask() : this.soon();
  }

  async ask() {
    if (this.next === this.answered) return;
    const number = ++this.number;
    this.asking?.abort();
    this.asking = new AbortController();
    const slow = setTimeout(() => this.page.toggleAttribute("data-counting", true), SLOW);
    const answer = await this.fetch(this.next, this.asking.signal);
    clearTimeout(slow);
    if (number !== this.number) return;
    this.page.toggleAttribute("data-counting", false);
    if (!answer) return;
    this.answered = answer.words ? this.next : null;
    this.tell(answer);
    if (answer.count) this.tellReach(await this.fetch(this.next, this.asking.signal, this.page.dataset.reachUrl), number);
  }

  async fetch(body, signal, url = this.page.dataset.preview) {
    const token = this.page.querySelector("[name=csrfmiddlewaretoken]").value;
    const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token };
    try {
      const answer = await fetch(url, { method: "POST", body, headers, signal, redirect: "manual" });
      if (answer.type === "opaqueredirect") return { failed: this.words.signedOut };
      return answer.ok || answer.status === 422 ? await answer.json() : { failed: this.words.noCount };
    } catch (problem) {
      return problem.name === "AbortError" ? null : { failed: this.words.noCount };
    }
  }

  tell(answer) {
    this.onErrors(answer.errors ?? {});
    if (answer.failed) return this.fail(answer.failed);
    if (answer.errors) return this.note(this.words.mend);
    this.count(answer.words, { estimate: answer.is_estimate });
    this.onSpans(answer.spans ?? {});
    this.page.querySelector("[data-sentence]").textContent = answer.sentence;
    this.page.querySelector("[data-people]").replaceChildren(...answer.people.map((one) => this.person(one)), ...this.more(answer));
  }

  // How many of them can be mailed comes a little later, and is left out where it cannot be had.
  tellReach(answer, number) {
    if (number === this.number) this.reach(answer?.words ?? "");
  }

  reach(words) {
    const line = this.page.querySelector("[data-reach]");
    line.hidden = !words;
    line.textContent = words;
  }

  // What stands in place of a number, which nobody is to take for one.
  note(words) {
    this.count(words, { isNote: true });
    this.page.querySelector("[data-people]").replaceChildren();
  }

  fail(words) {
    this.note(words);
    const again = element("button", { type: "button", class: "rt-button", on: { click: () => this.ask() } }, this.words.again);
    this.page.querySelector("[data-count]").append(" ", again);
  }

  count(words, { estimate = false, isNote = false } = {}) {
    const count = this.page.querySelector("[data-count]");
    if (count.textContent !== words) count.textContent = words;
    count.toggleAttribute("data-estimate", estimate);
    count.title = estimate ? this.words.estimate : "";
    count.toggleAttribute("data-note", isNote);
    this.reach("");
    this.page.querySelector("[data-count-again]").textContent = isNote ? "" : words;
  }

  person(one) {
    const why = element("button", { type: "button", class: "sb-why-button", "aria-label": this.words.whyPerson.replace("{name}", one.name), on: { click: () => this.onWhy(one) } }, this.words.why);
    return element("li", {}, element("a", { class: "rt-link", href: one.url }, one.name), element("span", { class: "rt-muted rt-small" }, one.name === one.email ? "" : one.email), why);
  }

  more({ count, people }) {
    const rest = count - people.length;
    return people.length && rest > 0 ? [element("li", { class: "rt-muted rt-small" }, this.words.andMore)] : [];
  }

  tellLeftOut() {
    const note = this.page.querySelector("[data-left-out]");
    note.hidden = !this.leftOut;
    note.textContent = this.leftOut === 1 ? this.words.oneLeftOut : this.words.manyLeftOut.replace("{count}", this.leftOut);
  }
}
