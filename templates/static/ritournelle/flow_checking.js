// What the server says of the flow, asked a moment after each change: words and mistakes of each part.

import { every } from "./flow_tree.js";
import { later } from "./segment_editor_parts.js";

export class Checking {
  constructor(page, { flow, tell }) {
    Object.assign(this, { page, flow, tell });
    this.soon = later(250, () => this.now());
  }

  // Ask, and return what was answered; the answer to an older question is forgotten.
  async now() {
    const flow = this.flow();
    this.asking?.abort();
    this.asking = new AbortController();
    try {
      const token = this.page.querySelector("[name=csrfmiddlewaretoken]").value;
      const answer = await fetch(this.page.dataset.check, { method: "POST", body: JSON.stringify(flow), signal: this.asking.signal, redirect: "error", headers: { "Content-Type": "application/json", "X-CSRFToken": token, Accept: "application/json" } });
      const told = await answer.json();
      this.tell(answer.ok ? this.read(told, flow) : { parts: new Map(), loose: [told.error] });
    } catch {
      // what is wrong is said when it is saved
    }
  }

  // What was said, by the id of each part; what is wrong is named by its place within the part.
  read({ parts, loose, errors }, flow = this.flow()) {
    const ids = [...every(flow)].map(({ path, part }) => [path, part.id]);
    const said = new Map(ids.map(([path, id]) => [id, { ...parts[path], places: {} }]));
    for (const [place, words] of Object.entries(errors)) {
      const owners = ids.filter(([path]) => place === path || place.startsWith(`${path}.`));
      const [path, id] = owners.at(-1) ?? [];
      if (id) said.get(id).places[place.slice(path.length + 1)] = words;
    }
    return { parts: said, loose };
  }
}
