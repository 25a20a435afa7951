// Manage data: moves are shown at once, sent one after the other, and set right by what the server answers.
// Without this file every button is a form of its own.

class ManageData {
  constructor(page) {
    this.page = page;
    this.list = page.querySelector("[data-order]");
    this.words = page.querySelector("[data-words]").dataset;
    this.truth = { names: this.names, version: Number(page.dataset.version) };
    this.waiting = [];
    this.list.addEventListener("rows-moved", () => this.redraw());
    this.list.addEventListener("row-dropped", (event) => this.send(this.list.dataset.url, whereTo(event.detail)));
    this.list.addEventListener("row-returned", () => this.settle());
    this.list.addEventListener("keydown", (event) => this.press(event));
    page.addEventListener("submit", (event) => this.submit(event));
    page.querySelector("[data-notice-close]").addEventListener("click", () => this.tell({ message: "", tone: "good" }));
    page.addEventListener("keydown", closeConfirm);
    setInterval(() => tellAge(page.querySelector("[data-age]")), 30000);
    startDialog(page, this);
    startFilter(page, this);
  }

  get rows() {
    return [...this.list.children];
  }

  get names() {
    return this.rows.map((row) => row.dataset.field);
  }

  // ---- moving

  submit(event) {
    const form = event.target;
    if (form.method !== "post") return;
    event.preventDefault();
    const step = event.submitter?.dataset.move;
    if (step) this.step(form.closest("[data-field]"), step);
    else this.send(form.action, {});
  }

  press(event) {
    const row = event.target.closest("[data-field]");
    if (event.altKey && KEYS[event.key]) {
      event.preventDefault();
      this.step(row, KEYS[event.key]);
      row.scrollIntoView({ block: "nearest" });
    } else if (event.target.matches("[data-handle]") && NEXT[event.key]) {
      event.preventDefault();
      visible(row, NEXT[event.key])?.querySelector("[data-handle]").focus();
    }
  }

  step(row, name) {
    const before = STEPS[name](row, this.list);
    if (before !== undefined) this.put(row, before);
  }

  // Put a row before another one, or at the end, and have it saved.
  put(row, before) {
    if (before === row || before === row.nextElementSibling) return;
    keepFocus(row, () => this.list.insertBefore(row, before));
    this.redraw();
    this.send(this.list.dataset.url, whereTo(row));
  }

  arrange(names) {
    keepFocus(this.list, () => arrangeChildren(this.list, names));
    this.redraw();
  }

  // Numbers, buttons and preview follow the rows.
  redraw() {
    const rows = this.rows;
    rows.forEach((row, index) => {
      row.querySelector("[data-number]").textContent = index + 1;
      disable(row, ["top", "up"], index === 0);
      disable(row, ["down"], index === rows.length - 1);
    });
    const names = this.names;
    for (const cells of this.page.querySelectorAll("[data-cells]")) arrangeChildren(cells, names);
  }

  // ---- saving

  async send(url, operation) {
    this.waiting.push({ url, operation });
    if (this.waiting.length > 1) return;
    this.page.toggleAttribute("data-saving", true);
    while (this.waiting.length) {
      const answer = await this.ask(this.waiting[0]);
      this.waiting.shift();
      if (!answer.ok) this.waiting = [];
      this.take(answer);
    }
    this.page.toggleAttribute("data-saving", false);
    this.settle();
  }

  async ask({ url, operation }) {
    const token = this.page.querySelector("[name=csrfmiddlewaretoken]").value;
    const body = new URLSearchParams({ ...operation, seen: this.truth.version, csrfmiddlewaretoken: token });
    try {
      const answer = await fetch(url, {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
        redirect: "manual",
        keepalive: true,
        signal: AbortSignal.timeout(20000),
      });
      if (answer.type === "opaqueredirect") return this.failure("signedOut");
      return { ok: answer.ok, ...(await answer.json()) };
    } catch (problem) {
      return this.failure(problem instanceof SyntaxError ? "failed" : "away");
    }
  }

  failure(reason) {
    return { ok: false, tone: "bad", message: this.words[reason], reload: true };
  }

  take(answer) {
    if (answer.names) {
      this.truth = { names: answer.names, version: answer.version };
      replace(this.page.querySelector("[data-state]"), answer.state);
    }
    this.tell(answer);
    const row = this.rows.find((one) => one.dataset.field === answer.field);
    if (answer.ok && row) flash(row);
  }

  // Show the order that holds, unless a newer one is on its way or in somebody's hand.
  settle() {
    if (!this.waiting.length && !this.list.classList.contains("is-dragging")) this.arrange(this.truth.names);
  }

  // What went well is only announced; anything else is shown, and stays until something goes well.
  tell({ message, tone, reload }) {
    const good = tone === "good";
    this.page.querySelector("[data-announce]").textContent = good ? message : "";
    const notice = this.page.querySelector("[data-notice]");
    notice.hidden = good;
    notice.className = `rt-notice md-notice rt-${tone}`;
    notice.querySelector("[data-notice-text]").textContent = good ? "" : message;
    notice.querySelector("[data-notice-reload]").hidden = !reload;
  }
}

// ---- where a row goes

const KEYS = { ArrowUp: "up", ArrowDown: "down", Home: "top", End: "bottom" };
const NEXT = { ArrowUp: "previousElementSibling", ArrowDown: "nextElementSibling" };

// step -> what the row is put before; null is the end, undefined is nowhere
const STEPS = {
  up: (row) => row.previousElementSibling ?? undefined,
  down: (row) => row.nextElementSibling?.nextElementSibling,
  top: (row, list) => list.firstElementChild,
  bottom: () => null,
};

// What the server is told of a row's new place: the top and the end as positions, all else by its neighbour.
function whereTo(row) {
  const field = row.dataset.field;
  if (!row.previousElementSibling) return { field, to: 1 };
  if (!row.nextElementSibling) return { field, to: row.parentElement.children.length };
  return { field, before: row.nextElementSibling.dataset.field };
}

function arrangeChildren(parent, names) {
  const children = new Map([...parent.children].map((child) => [child.dataset.field, child]));
  names.forEach((name, index) => {
    const child = children.get(name);
    if (child && parent.children[index] !== child) parent.insertBefore(child, parent.children[index]);
  });
}

function visible(row, direction) {
  let other = row[direction];
  while (other?.hidden) other = other[direction];
  return other;
}

// ---- focus and looks

// What is taken out of a page loses the focus, even if it is put back.
function keepFocus(part, rearrange) {
  const focused = part.contains(document.activeElement) ? document.activeElement : null;
  rearrange();
  if (focused !== document.activeElement) focused?.focus({ preventScroll: true });
}

function disable(row, steps, disabled) {
  for (const step of steps) {
    const button = row.querySelector(`[data-move=${step}]`);
    if (disabled && button === document.activeElement) row.querySelector("[data-handle]").focus({ preventScroll: true });
    button.disabled = disabled;
  }
}

function replace(state, html) {
  const operation = state.contains(document.activeElement) && document.activeElement.closest("[data-operation]")?.dataset.operation;
  state.innerHTML = html;
  if (operation) (state.querySelector(`[data-operation=${operation}] button:not(details *)`) ?? state).focus({ preventScroll: true });
}

function flash(row) {
  row.classList.remove("is-moved");
  void row.offsetWidth; // so that the animation starts anew
  row.classList.add("is-moved");
}

// The small question that "Reset to default" asks.
function closeConfirm(event) {
  const confirm = event.target.closest("[data-reset]");
  if (event.key !== "Escape" || !confirm?.open) return;
  confirm.open = false;
  confirm.querySelector("summary").focus({ preventScroll: true });
}

const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

function tellAge(time) {
  if (!time) return;
  const seconds = Math.max(1, (Date.now() - Date.parse(time.dateTime)) / 1000);
  const [unit, size] = UNITS.find(([, size]) => seconds >= size);
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang);
  time.textContent = words.format(-Math.round(seconds / size), unit);
}

// ---- choosing a position

function startDialog(page, manage) {
  const dialog = page.querySelector("[data-dialog]");
  const position = dialog.querySelector("[data-position]");
  let row = null;
  manage.list.addEventListener("click", (event) => {
    const handle = event.target.closest("[data-handle]");
    if (!handle) return;
    row = handle.closest("[data-field]");
    dialog.querySelector("[data-dialog-title]").textContent = fill(manage.words.move, { field: label(row) });
    position.value = manage.rows.indexOf(row) + 1;
    dialog.showModal();
    position.select();
  });
  dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("submit", () => {
    const others = manage.rows.filter((other) => other !== row);
    manage.put(row, others[position.value - 1] ?? null);
    row.scrollIntoView({ block: "nearest" });
  });
}

// ---- searching

function startFilter(page, manage) {
  const input = page.querySelector("[data-search]");
  const address = new URL(location.href);
  input.value = address.searchParams.get("q") ?? "";
  const filter = () => applyFilter(page, manage, input.value);
  input.addEventListener("input", filter);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") clear();
  });
  page.querySelector("[data-show-all]").addEventListener("click", () => {
    clear();
    input.focus();
  });
  filter();

  function clear() {
    input.value = "";
    filter();
  }
}

function applyFilter(page, manage, words) {
  const wanted = plain(words).split(/\s+/).filter(Boolean);
  const rows = manage.rows;
  for (const row of rows) {
    const text = plain(`${label(row)} ${row.dataset.field}`);
    row.hidden = !wanted.every((word) => text.includes(word));
  }
  const shown = rows.filter((row) => !row.hidden).length;
  const all = shown === rows.length;
  page.querySelector("[data-none]").hidden = shown > 0;
  page.querySelector("[data-count]").textContent = all ? shown : fill(manage.words.found, { shown, count: rows.length });
  const address = new URL(location.href);
  if (wanted.length) address.searchParams.set("q", words.trim());
  else address.searchParams.delete("q");
  if (address.href !== location.href) history.replaceState(null, "", address);
}

// Small letters without accents, so that "prenom" finds "Prénom".
function plain(text) {
  return text.normalize("NFD").replace(/\p{Mn}/gu, "").toLocaleLowerCase();
}

function label(row) {
  return row.querySelector("[data-label]").textContent;
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

new ManageData(document.querySelector("[data-manage]"));
