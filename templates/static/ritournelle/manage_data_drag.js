// Rows of a list are dragged by their handles, with mouse, pen or finger. The list itself is rearranged while they
// move, and it tells so: "rows-moved" on every step, "row-dropped" at the end, "row-returned" after Escape.

const SLACK = 5; // pixels until a press becomes a drag
const EDGE = 96; // pixels from the window's edges within which the page scrolls along

function enableDragging(list) {
  let drag = null;

  list.addEventListener("pointerdown", (event) => {
    const row = event.target.closest("[data-handle]")?.closest("[data-field]");
    if (!row || event.button !== 0 || drag) return;
    drag = { row, pointer: event.pointerId, y: event.clientY, pressed: event.clientY, next: row.nextElementSibling };
  });
  document.addEventListener("pointermove", (event) => {
    if (event.pointerId !== drag?.pointer) return;
    drag.y = event.clientY;
    if (!drag.lifted && Math.abs(drag.y - drag.pressed) > SLACK) lift();
    if (drag.lifted) follow();
  });
  document.addEventListener("pointerup", (event) => event.pointerId === drag?.pointer && end("row-dropped"));
  document.addEventListener("pointercancel", (event) => event.pointerId === drag?.pointer && giveUp());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !drag?.lifted) return;
    event.preventDefault();
    giveUp();
  });

  function lift() {
    drag.lifted = true;
    drag.grip = drag.pressed - drag.row.getBoundingClientRect().top;
    list.setPointerCapture(drag.pointer);
    list.classList.add("is-dragging");
    drag.row.classList.add("is-dragged");
    scrollAlong();
  }

  // The row takes the slot that the pointer is in, and hangs at the pointer between two slots.
  function follow() {
    const y = drag.y - list.getBoundingClientRect().top;
    const slot = slotAt(list, drag.row, y);
    if (slot !== undefined) {
      slide(list, () => list.insertBefore(drag.row, slot));
      list.dispatchEvent(new CustomEvent("rows-moved"));
    }
    const top = Math.min(Math.max(y - drag.grip, 0), list.offsetHeight - drag.row.offsetHeight);
    drag.row.style.translate = `0 ${top - drag.row.offsetTop}px`;
  }

  function scrollAlong() {
    if (!drag) return;
    const up = drag.y < drag.pressed ? Math.min(drag.y - EDGE, 0) : 0;
    const down = drag.y > drag.pressed ? Math.max(drag.y - innerHeight + EDGE, 0) : 0;
    const before = scrollY;
    scrollBy({ top: (up + down) / 5, behavior: "instant" });
    if (scrollY !== before) follow();
    requestAnimationFrame(scrollAlong);
  }

  function giveUp() {
    list.insertBefore(drag.row, drag.next);
    end("row-returned");
  }

  function end(news) {
    const { row, next, lifted } = drag;
    drag = null;
    if (!lifted) return;
    row.style.translate = "";
    row.classList.remove("is-dragged");
    list.classList.remove("is-dragging");
    swallowClick();
    const moved = row.nextElementSibling !== next;
    list.dispatchEvent(new CustomEvent(moved ? news : "row-returned", { detail: row }));
  }
}

// What the row is to be put before; null is the end, undefined is where it is. A neighbour gives way when the pointer
// is a quarter into it, so that rows of different heights do not swap to and fro.
function slotAt(list, row, y) {
  const others = [...list.children].filter((other) => !other.hidden && other !== row);
  const above = others.find((other) => other.offsetTop < row.offsetTop && y < other.offsetTop + other.offsetHeight * 0.75);
  if (above) return above;
  return others.findLast((other) => other.offsetTop > row.offsetTop && y > other.offsetTop + other.offsetHeight * 0.25)
    ?.nextElementSibling;
}

// Let the other rows glide to their new places, unless the person wants no motion.
function slide(list, rearrange) {
  const tops = new Map([...list.children].map((row) => [row, row.offsetTop]));
  rearrange();
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  for (const [row, top] of tops) {
    if (row.offsetTop === top || row.classList.contains("is-dragged")) continue;
    row.animate([{ translate: `0 ${top - row.offsetTop}px` }, { translate: "0 0" }], { duration: 120, easing: "ease-out" });
  }
}

// The click that ends a drag is no click on the handle.
function swallowClick() {
  const swallow = (event) => event.stopPropagation();
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }));
}

for (const list of document.querySelectorAll("[data-order]")) enableDragging(list);
