// Choosing a field, with search and groups; and the menu of what can be done with a part.

import { element, icon, plain, popUp } from "./segment_editor_parts.js";

// Offer some subjects; `choose` gets the one that is taken, and `leave` what was typed where none is. `name` is the
// editor's, which begins all ids.
export function openChooser(opener, { name, language, subjects, words, choose, leave }) {
  const list = element("div", { class: "sb-options", role: "listbox", id: `${name}-options`, "aria-label": words.fields });
  const search = element("input", {
    class: "rt-input",
    type: "text",
    role: "combobox",
    "aria-expanded": "true",
    "aria-controls": `${name}-options`,
    "aria-autocomplete": "list",
    "aria-label": words.searchFields,
    placeholder: words.searchFields,
    autocomplete: "off",
  });
  const note = element("p", { class: "rt-muted sb-options-none", hidden: true }, words.noField);
  const box = element("div", { class: "sb-chooser", tabindex: "-1" }, search, list, note);
  fillOptions(list, name, language, subjects);
  if (!language.available) box.append(document.getElementById("sb-unavailable").content.cloneNode(true));
  search.hidden = !subjects.length;
  let isTaken = false;
  popUp(opener, box, {
    onClose() {
      if (isTaken) return;
      if (opener.isConnected) opener.focus();
      leave?.(search.value);
    },
  });
  (subjects.length ? search : box).focus();
  mark(options(list)[0]);

  const take = (one) => {
    isTaken = true;
    box.hidePopover();
    choose(subjects[Number(one.dataset.index)]);
  };
  search.addEventListener("input", () => {
    filter(list, note, search.value);
    mark(best(options(list), search.value));
  });
  search.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const current = list.querySelector("[aria-selected=true]");
    if (step) {
      event.preventDefault();
      const shown = options(list);
      mark(shown[(shown.indexOf(current) + step + shown.length) % shown.length]);
    } else if (event.key === "Enter" || event.key === "Tab") {
      event.preventDefault();
      if (event.key === "Tab") box.hidePopover();
      else if (current) take(current);
    }
  });
  list.addEventListener("click", (event) => {
    const one = event.target.closest("[role=option]");
    if (one) take(one);
  });
  list.addEventListener("pointermove", (event) => mark(event.target.closest("[role=option]"), false));

  function mark(one, scroll = true) {
    if (!one) return search.removeAttribute("aria-activedescendant");
    list.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", "false");
    one.setAttribute("aria-selected", "true");
    search.setAttribute("aria-activedescendant", one.id);
    if (scroll) one.scrollIntoView({ block: "nearest" });
  }
}

function fillOptions(list, editor, language, subjects) {
  for (const { name, label } of language.groups) {
    const own = subjects.filter((one) => one.group === name);
    if (!own.length) continue;
    const id = `${editor}-group-${name}`;
    const rows = own.map((one) => {
      const index = subjects.indexOf(one);
      return element("div", { role: "option", id: `${editor}-option-${index}`, "aria-selected": "false", "data-index": index }, one.label);
    });
    list.append(element("div", { role: "group", "aria-labelledby": id }, element("div", { class: "sb-options-title", id }, label), rows));
  }
}

function filter(list, note, typed) {
  const wanted = plain(typed).split(/\s+/).filter(Boolean);
  for (const group of list.children) {
    const title = group.firstElementChild.textContent;
    for (const row of [...group.children].slice(1)) {
      const text = plain(`${row.textContent} ${title}`);
      row.hidden = !wanted.every((word) => text.includes(word));
    }
    group.hidden = ![...group.children].slice(1).some((row) => !row.hidden);
  }
  note.hidden = options(list).length > 0;
}

// What is called as it was typed comes before what begins so, and that before all else.
function best(shown, typed) {
  const wanted = plain(typed).trim();
  const names = shown.map((row) => plain(row.textContent));
  const found = [names.indexOf(wanted), names.findIndex((name) => name.startsWith(wanted)), 0].find((index) => index >= 0);
  return shown[found];
}

function options(list) {
  return [...list.querySelectorAll("[role=option]")].filter((row) => !row.hidden && !row.parentElement.hidden);
}

// Show what can be done: items of name, label, icon, and key; those that cannot be done now are greyed.
export function openMenu(opener, { label, items, act }) {
  const rows = items.map(({ name, label: text, icon: sign, keys, disabled }) =>
    element(
      "button",
      { type: "button", role: "menuitem", tabindex: "-1", "data-act": name, "aria-disabled": disabled ? "true" : null },
      icon(sign),
      element("span", {}, text),
      keys && element("kbd", {}, keys),
    ),
  );
  const menu = element("div", { class: "sb-menu", role: "menu", "aria-label": label }, rows);
  let isTaken = false;
  popUp(opener, menu, { onClose: () => !isTaken && opener.isConnected && opener.focus() });
  rows.find((row) => row.getAttribute("aria-disabled") !== "true")?.focus();
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Tab") return menu.hidePopover();
    const now = rows.indexOf(document.activeElement);
    const to = { ArrowDown: now + 1, ArrowUp: now - 1 + rows.length, Home: 0, End: rows.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    rows[to % rows.length].focus();
  });
  menu.addEventListener("click", (event) => {
    const row = event.target.closest("[data-act]");
    if (!row || row.getAttribute("aria-disabled") === "true") return;
    isTaken = true;
    menu.hidePopover();
    act(row.dataset.act);
  });
}
