// Moving steps by mouse: a card is dragged onto a plus.

export function enableDragging(place, { move }) {
  let id = null;
  const target = (event) => (id ? event.target.closest?.(".fb-plus") : null);
  const mark = (plus) => {
    for (const one of place.querySelectorAll(".fb-plus.is-over")) if (one !== plus) one.classList.remove("is-over");
    plus?.classList.add("is-over");
  };
  place.addEventListener("dragstart", (event) => {
    const card = event.target.closest?.(".fl-card[draggable]");
    if (!card) return;
    id = card.dataset.k;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.textContent);
    place.classList.add("is-dragging");
  });
  place.addEventListener("dragover", (event) => {
    const plus = target(event);
    mark(plus);
    if (plus) event.preventDefault();
  });
  place.addEventListener("drop", (event) => {
    const plus = target(event);
    if (!plus) return;
    event.preventDefault();
    const { parent, branch, index } = plus.dataset;
    const dragged = id;
    end();
    move(dragged, { parent: parent || null, branch }, Number(index));
  });
  place.addEventListener("dragend", end);

  function end() {
    id = null;
    mark(null);
    place.classList.remove("is-dragging");
  }
}
