// Small pieces that the editor is made of, and the page of a segment.

// Make an element: attributes by name, "on" for listeners, everything else as children; text is always text.
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") for (const [event, listener] of Object.entries(value)) made.addEventListener(event, listener);
    else if (name === "value") made.value = value;
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export function icon(name) {
  return element("span", { class: "material-symbols-outlined", "aria-hidden": "true" }, name);
}

export function iconButton(name, label, attributes = {}) {
  return element("button", { type: "button", class: "rt-icon-button", "aria-label": label, title: label, ...attributes }, icon(name));
}

export function select(options, chosen, attributes) {
  const known = options.some((one) => String(one.name) === String(chosen));
  const all = known || chosen === "" || chosen === undefined ? options : [...options, { name: chosen, label: `#${chosen}` }];
  return element(
    "select",
    { class: "rt-input", ...attributes },
    all.map((one) => option(one, String(one.name) === String(chosen ?? ""))),
  );
}

function option({ name, label }, isChosen) {
  const made = element("option", { value: String(name) }, label);
  made.selected = isChosen;
  return made;
}

export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// Small letters without accents, so that "prenom" finds "Prénom".
export function plain(text) {
  return text.normalize("NFD").replace(/\p{Mn}/gu, "").toLocaleLowerCase();
}

export function later(milliseconds, act) {
  let timer;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...values), milliseconds);
  };
}

// What scrolls when a part is to be seen: a panel, or the page.
export function scrollerOf(part) {
  for (let one = part.parentElement; one && one !== document.body; one = one.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(one).overflowY) && one.scrollHeight > one.clientHeight) return one;
  }
  return document.scrollingElement;
}

// Show something over the page at its opener; Escape and a click elsewhere close it.
export function popUp(opener, box, { onClose = () => {} } = {}) {
  box.setAttribute("popover", "auto");
  opener.closest(".sb-editor, [data-popups]").append(box);
  box.showPopover();
  place(opener, box);
  const follow = () => (opener.isConnected ? place(opener, box) : box.hidePopover());
  addEventListener("resize", follow);
  addEventListener("scroll", follow, true);
  box.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    removeEventListener("resize", follow);
    removeEventListener("scroll", follow, true);
    box.remove();
    onClose();
  });
  return box;
}

function place(opener, box) {
  const at = opener.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const left = Math.max(8, Math.min(at.left, innerWidth - width - 8));
  const under = at.bottom + 4;
  const top = under + height > innerHeight - 8 && at.top - height - 4 > 8 ? at.top - height - 4 : Math.min(under, Math.max(8, innerHeight - height - 8));
  box.style.translate = `${Math.round(left)}px ${Math.round(top)}px`;
}
