// The answer, live: asked a moment after the last change. What was asked before is given up, and its answer ignored; one
// that is slow says so, and can be stopped.

import { element, later } from "./segment_editor_parts.js";

const PAUSE = 300; // milliseconds after the last change
const SLOW = 500; // milliseconds after which what stands there is shown as old

export class Answer {
  constructor(page, { words, onErrors, onFits }) {
    Object.assign(this, { page, words, onErrors, onFits });
    this.place = page.querySelector("[data-answer]");
    this.waiting = page.querySelector("[data-waiting]");
    this.number = 0;
    this.soon = later(PAUSE, () => this.ask());
    page.querySelector("[data-stop]").addEventListener("click", () => this.stop());
  }

  // Show the answer to this report; `isKnown` says that it stands there already.
  show(report, { isKnown = false } = {}) {
    this.next = JSON.stringify(report);
    if (isKnown) this.answered = this.next;
    this.asking?.abort();
    this.number += 1;
    if (this.next === this.answered) return this.wait(false);
    return this.soon();
  }

  async ask() {
    const number = ++this.number;
    this.asking?.abort();
    this.asking = new AbortController();
    const slow = setTimeout(() => number === this.number && this.wait(true), SLOW);
    const asked = this.next;
    const answer = await this.fetch(asked, this.asking.signal);
    clearTimeout(slow);
    if (number !== this.number) return;
    this.wait(false);
    if (answer) this.tell(answer, asked);
  }

  async fetch(body, signal) {
    const token = this.page.querySelector("[name=csrfmiddlewaretoken]").value;
    const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token };
    try {
      const answer = await fetch(this.page.dataset.result, { method: "POST", body, headers, signal, redirect: "manual" });
      if (answer.type === "opaqueredirect") return { failed: this.words.signedOut };
      return answer.ok || answer.status === 422 ? await answer.json() : { failed: this.words.noAnswer };
    } catch (problem) {
      return problem.name === "AbortError" ? null : { failed: this.words.noAnswer };
    }
  }

  tell(answer, asked) {
    this.onErrors(answer.errors ?? {});
    if (answer.failed) return this.note(answer.failed, this.again());
    if (answer.errors) return this.note(this.words.mend);
    this.answered = asked;
    this.place.innerHTML = answer.html;
    this.page.querySelector("[data-sentence]").textContent = answer.sentence;
    this.say(answer.said);
    return this.onFits(answer.fits);
  }

  // What stands in place of an answer, which nobody is to take for one.
  note(words, act = null) {
    this.answered = null;
    this.place.replaceChildren(element("div", { class: "rt-none cr-none" }, element("p", {}, words), act));
    this.say(words);
  }

  again() {
    return element("button", { type: "button", class: "rt-button", on: { click: () => this.ask() } }, this.words.again);
  }

  stop() {
    this.asking?.abort();
    this.number += 1;
    this.wait(false);
    this.note(this.words.stopped, this.again());
    this.place.querySelector("button").focus();
  }

  wait(isWaiting) {
    this.waiting.hidden = !isWaiting;
    this.place.toggleAttribute("data-old", isWaiting);
    this.place.setAttribute("aria-busy", String(isWaiting));
  }

  say(words) {
    this.page.querySelector("[data-announce]").textContent = words;
  }
}
