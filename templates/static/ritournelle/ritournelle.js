// The details panel, the widget and small comforts. Everything here also works as plain links and forms.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const panel = document.getElementById("rt-panel");
  const holder = document.querySelector("[data-widget-holder]");
  if (panel) startPanel(panel);
  if (holder) startWidget(holder);
  startMenus();
  startCopying();
  startPolling();
  startPreviewing();
  startSendingOnce();
  openFolded();
});
// The theme makes its search fields a moment after the document is there.
addEventListener("load", () => setTimeout(nameSearchFields));

const REFRESH_EVERY = 15000;

// A second click on what is on its way already does nothing; what takes longer than this may be tried again.
const ON_ITS_WAY = 10000;

function startSendingOnce() {
  let sent = new WeakSet();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post") return;
    if (sent.has(form)) event.preventDefault();
    sent.add(form);
    setTimeout(() => sent.delete(form), ON_ITS_WAY);
  });
  addEventListener("pageshow", () => (sent = new WeakSet()));
}

// A folded part of a form would hide what is wrong in it.
function openFolded() {
  for (const folded of document.querySelectorAll("fieldset details:has(.errorlist)")) folded.open = true;
}

// ---- the details panel

function startPanel(panel) {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-details]");
    if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openPanel(panel, opener.dataset.details, { changes: opener.dataset.changes, opener });
  });
  panel.addEventListener("close", () => {
    panel.rtAsked = null;
    showInAddress(null);
    focusOpener(panel);
  });
  panel.addEventListener("click", (event) => {
    if (event.target === panel && !inside(panel, event)) panel.close();
  });
  panel.addEventListener("input", (event) => {
    if (event.target.matches("[data-search-fields], [data-show-empty]")) filterFields(panel);
  });
  addEventListener("popstate", () => followAddress(panel));
  if (panel.open) reopenAsModal(panel);
}

function inside(panel, event) {
  const box = panel.getBoundingClientRect();
  return event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
}

function reopenAsModal(panel) {
  panel.removeAttribute("open");
  panel.rtOpener = panel.querySelector("[data-payment]")?.dataset.payment;
  panel.showModal();
  focusTitle(panel);
}

async function openPanel(panel, id, { changes = "", opener = null, address = true } = {}) {
  if (!panel.open) {
    panel.replaceChildren(line(panel.dataset.loading));
    panel.showModal();
  }
  const wasInside = opener && panel.contains(opener);
  if (!wasInside || !panel.rtOpener) panel.rtOpener = id;
  if (address) showInAddress(id);
  const url = panel.dataset.url.replace("/0/", `/${encodeURIComponent(id)}/`) + (changes ? `?changes=${changes}` : "");
  panel.rtAsked = url;
  const answer = await fragment(url);
  if (panel.rtAsked !== url) return; // something else was asked for meanwhile
  if (answer === null) {
    panel.replaceChildren(line(panel.dataset.failed), closer(panel));
    return;
  }
  panel.innerHTML = answer;
  panel.scrollTop = 0;
  focusTitle(panel);
}

function line(text) {
  const paragraph = document.createElement("p");
  paragraph.className = "rt-loading";
  paragraph.setAttribute("role", "status");
  paragraph.textContent = text;
  return paragraph;
}

function closer(panel) {
  const form = document.createElement("form");
  form.method = "dialog";
  form.className = "rt-loading";
  const button = document.createElement("button");
  button.className = "rt-button";
  button.textContent = panel.dataset.close;
  form.append(button);
  return form;
}

function focusTitle(panel) {
  panel.querySelector("#rt-panel-title")?.focus();
}

// The row may have been drawn anew while the panel was open, so its button is looked up again.
function focusOpener(panel) {
  const buttons = document.querySelectorAll(`[data-widget-holder] [data-details="${CSS.escape(panel.rtOpener ?? "")}"]`);
  const visible = [...buttons].find((button) => button.checkVisibility());
  const menu = buttons[0]?.closest("tr")?.querySelector("summary");
  (visible ?? (menu?.checkVisibility() ? menu : null))?.focus();
  panel.rtOpener = null;
}

function showInAddress(id) {
  const address = new URL(location.href);
  if (address.searchParams.get("payment") === id) return;
  if (id) address.searchParams.set("payment", id);
  else if (!address.searchParams.has("payment")) return;
  else address.searchParams.delete("payment");
  history.pushState(null, "", address);
}

function followAddress(panel) {
  const id = new URL(location.href).searchParams.get("payment");
  if (id) openPanel(panel, id, { address: false });
  else if (panel.open) panel.close();
}

function filterFields(panel) {
  const words = panel.querySelector("[data-search-fields]").value.trim().toLocaleLowerCase();
  const all = panel.querySelector("[data-show-empty]").checked;
  let shown = 0;
  for (const row of panel.querySelectorAll(".rt-fields > div")) {
    const fits = !words || row.textContent.toLocaleLowerCase().includes(words);
    row.hidden = !fits;
    shown += fits && (all || !("empty" in row.dataset));
  }
  panel.querySelector("[data-no-field]").hidden = shown > 0;
}

// ---- the widget

function startWidget(holder) {
  holder.rtPage = new URL(location.href).searchParams.get("payments_page") ?? "1";
  holder.addEventListener("click", (event) => {
    const link = event.target.closest("[data-page], [data-refresh]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.dataset.page) turnTo(holder, link);
    else refreshWidget(holder, { focus: "[data-refresh]" });
  });
  setInterval(() => {
    if (document.visibilityState === "visible" && !isBusy(holder)) refreshWidget(holder);
  }, REFRESH_EVERY);
}

function turnTo(holder, link) {
  holder.rtPage = link.dataset.page;
  refreshWidget(holder, { focus: `[rel="${link.rel}"], [rel="${link.rel === "next" ? "prev" : "next"}"]` });
}

// What somebody is using is not drawn anew under their hands.
function isBusy(holder) {
  return holder.querySelector("details[open]") || document.querySelector("dialog[open]");
}

// What had the focus is found again in what was drawn anew.
function sameAgain(holder) {
  const element = document.activeElement;
  if (!holder.contains(element)) return "";
  const name = ["details", "page", "refresh"].find((key) => key in element.dataset);
  if (name) return `[data-${name}="${CSS.escape(element.dataset[name])}"]`;
  const row = element.closest("tr[data-payment]")?.dataset.payment;
  return row ? `tr[data-payment="${CSS.escape(row)}"] summary` : "";
}

async function refreshWidget(holder, { focus = "" } = {}) {
  const answer = await fragment(`${holder.dataset.url}?page=${encodeURIComponent(holder.rtPage)}`);
  if (answer === null || (!focus && isBusy(holder))) return;
  const again = focus || sameAgain(holder);
  holder.innerHTML = answer;
  if (again) [...holder.querySelectorAll(again)].find((element) => element.checkVisibility())?.focus();
}

// ---- comforts of every page

function startMenus() {
  const closeAll = (except) => {
    for (const menu of document.querySelectorAll("details.rt-menu[open]")) if (menu !== except) menu.open = false;
  };
  document.addEventListener("click", (event) => closeAll(event.target.closest("summary")?.parentElement));
  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.("details.rt-menu[open]");
    if (event.key !== "Escape" || !menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

function startCopying() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await copy(button.dataset.copy);
    button.focus();
    const label = button.getAttribute("aria-label");
    button.setAttribute("aria-label", button.dataset.copied);
    button.title = button.dataset.copied;
    button.firstElementChild.textContent = "check";
    setTimeout(() => {
      button.setAttribute("aria-label", label);
      button.title = label;
      button.firstElementChild.textContent = "content_copy";
    }, 2000);
  });
}

// A site without https has no clipboard of its own, only that of a selected text.
async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

// The theme's search fields among many choices have no name of their own: they get that of their choice.
function nameSearchFields() {
  for (const field of document.querySelectorAll(".select2-search__field:not([aria-label])")) {
    const label = field.closest(".select2-container").previousElementSibling?.labels?.[0];
    if (label) field.setAttribute("aria-label", label.textContent.trim());
  }
}

// A part of a page that says data-poll is fetched anew every so many milliseconds, as long as it says so.
function startPolling() {
  for (const part of document.querySelectorAll("[data-poll]")) poll(part);
}

function poll(part) {
  setTimeout(async () => {
    const answer = document.visibilityState === "visible" ? await fragment(part.dataset.url) : null;
    if (answer !== null && !(part.contains(document.activeElement) && answer === part.innerHTML)) {
      const focused = document.activeElement?.getAttribute("name");
      const had = part.contains(document.activeElement);
      part.innerHTML = answer;
      if (had) part.querySelector(`[name="${CSS.escape(focused ?? "")}"]`)?.focus();
    }
    if (answer === null || part.querySelector("[data-goes-on]")) poll(part);
  }, Number(part.dataset.poll));
}

// What an import would read is shown anew as soon as a column is read as something else.
function startPreviewing() {
  const form = document.querySelector("form[data-import]");
  form?.addEventListener("change", async (event) => {
    if (!event.target.matches("[data-column]")) return;
    const told = new FormData(form);
    told.set("preview", "");
    const answer = await fetch(form.action, { method: "POST", body: told, credentials: "same-origin" }).catch(() => null);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    form.querySelector("[data-preview]").replaceChildren(...page.querySelector("[data-preview]").childNodes);
  });
}

async function fragment(url) {
  try {
    const answer = await fetch(url, { headers: { "X-Requested-With": "fetch" }, credentials: "same-origin" });
    return answer.ok && !answer.redirected ? await answer.text() : null;
  } catch {
    return null;
  }
}
