// Parts of the tree are dragged by their handles, with mouse, pen or finger; a line shows where they would go.

import { element, scrollerOf } from "./segment_editor_parts.js";

const SLACK = 5; // pixels until a press becomes a drag
const EDGE = 96; // pixels from the edges of what scrolls within which it scrolls along

export function enableDragging(place, { mayGo, drop, signal }) {
  const line = element("div", { class: "sb-drop", hidden: true });
  let drag = null;

  place.addEventListener("pointerdown", (event) => {
    const row = event.target.closest("[data-handle]")?.closest("li[data-id]");
    if (!row || event.button !== 0 || drag) return;
    event.preventDefault();
    drag = { row, id: row.dataset.id, pointer: event.pointerId, x: event.clientX, y: event.clientY, pressed: event.clientY };
  });
  document.addEventListener("pointermove", (event) => {
    if (event.pointerId !== drag?.pointer) return;
    Object.assign(drag, { x: event.clientX, y: event.clientY });
    if (!drag.lifted && Math.abs(drag.y - drag.pressed) > SLACK) lift();
    if (drag.lifted) follow();
  }, { signal });
  document.addEventListener("pointerup", (event) => event.pointerId === drag?.pointer && end(true), { signal });
  document.addEventListener("pointercancel", (event) => event.pointerId === drag?.pointer && end(false), { signal });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !drag?.lifted) return;
    event.preventDefault();
    end(false);
  }, { signal });

  function lift() {
    drag.lifted = true;
    drag.scroller = scrollerOf(place);
    place.setPointerCapture(drag.pointer);
    place.classList.add("is-dragging");
    drag.row.classList.add("is-dragged");
    place.append(line);
    scrollAlong();
  }

  function follow() {
    drag.to = target();
    line.hidden = !drag.to;
    if (!drag.to) return;
    const box = place.getBoundingClientRect();
    line.style.translate = `${drag.to.left - box.left}px ${drag.to.y - box.top}px`;
    line.style.width = `${drag.to.width}px`;
  }

  // The list that the pointer is in, as deep as the part may go, and the slot nearest to it there.
  function target() {
    const lists = [...place.querySelectorAll("[data-parts]")].filter((list) => mayGo(drag.id, list.dataset.parts));
    const around = lists.filter((list) => isOver(list.parentElement, drag));
    const list = around.at(-1) ?? nearest(lists, drag);
    if (!list) return null;
    const rows = [...list.children].filter((row) => row.dataset.id);
    const index = rows.filter((row) => drag.y > middle(row)).length;
    const box = list.getBoundingClientRect();
    const before = rows[index];
    const after = rows[index - 1];
    const y = before ? before.getBoundingClientRect().top - 2 : after ? after.getBoundingClientRect().bottom + 2 : box.top + box.height / 2;
    return { parent: list.dataset.parts, index, left: box.left, width: box.width, y };
  }

  function scrollAlong() {
    if (!drag) return;
    const { top, bottom } = edges(drag.scroller);
    const up = drag.y < drag.pressed ? Math.min(drag.y - top - EDGE, 0) : 0;
    const down = drag.y > drag.pressed ? Math.max(drag.y - bottom + EDGE, 0) : 0;
    const before = drag.scroller.scrollTop;
    drag.scroller.scrollBy({ top: (up + down) / 5, behavior: "instant" });
    if (drag.scroller.scrollTop !== before) follow();
    requestAnimationFrame(scrollAlong);
  }

  function end(isDropped) {
    const { row, id, to, lifted } = drag;
    drag = null;
    if (!lifted) return;
    row.classList.remove("is-dragged");
    place.classList.remove("is-dragging");
    line.remove();
    if (isDropped && to) drop(id, to.parent, to.index);
  }
}

function middle(row) {
  const box = row.getBoundingClientRect();
  return box.top + box.height / 2;
}

// From where to where a part that scrolls is seen.
function edges(scroller) {
  if (scroller === document.scrollingElement) return { top: 0, bottom: innerHeight };
  const { top, bottom } = scroller.getBoundingClientRect();
  return { top: Math.max(top, 0), bottom: Math.min(bottom, innerHeight) };
}

function isOver(part, { x, y }) {
  const box = part.getBoundingClientRect();
  return y >= box.top && y <= box.bottom && x >= box.left - 60 && x <= box.right + 60;
}

function nearest(lists, { y }) {
  const away = (list) => Math.abs(y - middle(list));
  return lists.sort((a, b) => away(a) - away(b))[0];
}
