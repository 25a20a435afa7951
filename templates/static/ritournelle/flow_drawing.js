// The drawing of a flow: triggers, then a column of cards with the branches of each side by side.

import { element, fill, icon, iconButton, select } from "./segment_editor_parts.js";
import { branchesOf } from "./flow_tree.js";

export class Drawing {
  constructor({ description, words, mayEdit, peopleUrl }) {
    Object.assign(this, { description, words, mayEdit, peopleUrl });
    this.kinds = { triggers: byName(description.triggers), steps: byName(description.steps) };
  }

  kindOf(part) {
    return ("on" in part ? this.kinds.triggers.get(part.on) : this.kinds.steps.get(part.do)) ?? { label: "?", icon: "help", options: [], branches: [] };
  }

  draw(flow, said) {
    this.said = said; // by the id of each part
    const { words } = this;
    const triggers = flow.triggers.map((one) => element("li", {}, this.card(one, "fl-is-trigger")));
    const adder = this.mayEdit && element("li", {}, element("button", { type: "button", class: "fb-add-trigger", "data-act": "add-trigger", "data-k": "add-trigger" }, icon("add"), words.addTrigger));
    const none = !triggers.length && !this.mayEdit && element("li", {}, element("div", { class: "fl-card fl-is-trigger fl-is-empty" }, icon("touch_app"), element("span", {}, words.noTrigger)));
    return [
      element("ol", { class: "fl-triggers", "aria-label": words.triggers }, triggers, none, adder),
      this.runs(flow),
      this.steps(flow.steps, { parent: null, branch: "steps" }, words.steps),
      element("p", { class: "fl-end" }, words.end),
    ];
  }

  runs(flow) {
    const { runs } = this.description;
    if (!this.mayEdit) return element("p", { class: "fl-runs" }, runs.find((one) => one.name === flow.runs)?.label ?? "");
    const field = select(runs, flow.runs, { "data-runs": true, "data-k": "runs" });
    return element("label", { class: "fb-runs" }, this.words.runs, field);
  }

  steps(parts, place, label) {
    const rows = parts.map((part, index) => element("li", { class: "fl-step" }, this.plus(place, index), this.card(part), this.branches(part)));
    return element("ol", { class: "fl-steps", "aria-label": label }, rows, element("li", { class: "fb-last" }, this.plus(place, parts.length)));
  }

  branches(part) {
    const names = branchesOf(part);
    if (!names.length) return null;
    const known = this.kindOf(part).branches;
    return element(
      "div",
      { class: "fl-branches" },
      names.map((name) => {
        const label = known.find((one) => one.name === name)?.label ?? name;
        return element("section", { class: "fl-branch", "aria-label": label }, element("h3", { class: "fl-branch-name" }, label), this.steps(part[name], { parent: part.id, branch: name }, label));
      }),
    );
  }

  plus({ parent, branch }, index) {
    const at = { "data-parent": parent ?? "", "data-branch": branch, "data-index": index };
    if (!this.mayEdit) return element("div", { class: "fb-plus fb-line", ...at });
    const label = this.words.addStep;
    const key = `plus:${parent ?? ""}:${branch}:${index}`;
    return element("div", { class: "fb-plus", ...at }, element("button", { type: "button", "data-act": "add-step", "data-k": key, "aria-label": label, title: label }, icon("add")));
  }

  card(part, own = "") {
    const kind = this.kindOf(part);
    const button = element("button", { type: "button", class: `fl-card ${own}`, "data-act": "open", "data-k": part.id, draggable: this.mayEdit && !("on" in part) ? "true" : null }, icon(kind.icon), element("span", { class: "fl-card-words" }));
    const menu = this.mayEdit && iconButton("more_vert", fill(this.words.menu, { name: kind.label }), { class: "rt-icon-button fb-menu-button", "data-act": "menu", "data-k": `menu:${part.id}` });
    const people = element("a", { class: "fl-people", href: `${this.peopleUrl}?step=${encodeURIComponent(part.id)}`, hidden: true });
    const holder = element("div", { class: "fb-holder", "data-id": part.id }, button, menu, people);
    this.tell(holder, part);
    return holder;
  }

  // What it says and what is wrong with it; asked of the server, so it comes a moment later.
  tell(holder, part) {
    const said = this.said.get(part.id);
    const place = holder.querySelector(".fl-card-words");
    const errors = said?.errors ?? [];
    place.replaceChildren(said?.words || this.kindOf(part).label, ...errors.map((words) => element("span", { class: "fl-card-error" }, words)));
    holder.querySelector(".fl-card").classList.toggle("fl-wrong", errors.length > 0);
  }

  count(holder, { inside = 0, stopped = 0 } = {}) {
    const place = holder.querySelector(".fl-people");
    place.hidden = !inside;
    if (!inside) return;
    place.title = fill(inside === 1 ? this.words.hereOne : this.words.here, { count: inside });
    const more = stopped ? element("span", { class: "fl-stopped" }, ` · ${fill(this.words.stopped, { count: stopped })}`) : null;
    place.replaceChildren(icon("person"), element("span", { class: "rt-sr" }, `${place.title} `), element("span", { "aria-hidden": "true" }, String(inside)), ...(more ? [more] : []));
  }
}

function byName(kinds) {
  return new Map(kinds.map((one) => [one.name, one]));
}
