// How the drawing is looked at: larger and smaller, as a whole, or as a list.

const STEPS = [0.3, 0.4, 0.5, 0.65, 0.8, 1, 1.25, 1.5];
const KEPT = "ritournelle.flow-as-list";

export class View {
  constructor(page) {
    this.page = page;
    this.drawing = page.querySelector("[data-drawing]");
    this.zoom = 1;
    this.toggle = page.querySelector("[data-as-list]");
    this.toggle.addEventListener("click", () => this.asList(this.toggle.getAttribute("aria-pressed") !== "true", { keep: true }));
    for (const button of page.querySelectorAll("[data-zoom]")) button.addEventListener("click", () => this[button.dataset.zoom]());
    this.asList(remembered() ?? innerWidth < 700);
  }

  get canvas() {
    return this.drawing.querySelector(".fl-canvas");
  }

  get stage() {
    return this.drawing.querySelector(".fl-drawing");
  }

  asList(isList, { keep = false } = {}) {
    this.drawing.classList.toggle("is-list", isList);
    this.toggle.setAttribute("aria-pressed", String(isList));
    for (const button of this.page.querySelectorAll("[data-zoom]")) button.disabled = isList;
    this.set(isList ? 1 : this.zoom);
    if (keep) remember(isList);
  }

  in() {
    this.set(STEPS.find((one) => one > this.zoom + 0.01) ?? this.zoom);
  }

  out() {
    this.set(STEPS.findLast((one) => one < this.zoom - 0.01) ?? this.zoom);
  }

  // As large as fits, and never larger than it is.
  fit() {
    this.set(1);
    const { canvas, stage } = this;
    const style = getComputedStyle(canvas);
    const room = (size, ...sides) => size - sides.reduce((sum, side) => sum + parseFloat(style[side]), 0);
    const wide = room(canvas.clientWidth, "paddingLeft", "paddingRight") / stage.scrollWidth;
    const seen = Math.min(canvas.clientHeight, innerHeight - Math.max(0, canvas.getBoundingClientRect().top));
    const high = room(seen, "paddingTop", "paddingBottom") / stage.scrollHeight;
    this.set(Math.max(STEPS[0], Math.min(1, wide, high)));
    canvas.scrollTo(0, 0);
  }

  set(zoom) {
    this.zoom = zoom;
    this.stage.style.zoom = String(zoom);
    this.page.querySelector("[data-zoom-now]").textContent = `${Math.round(zoom * 100)} %`;
  }

  again() {
    this.set(this.drawing.classList.contains("is-list") ? 1 : this.zoom);
  }
}

function remembered() {
  try {
    const kept = localStorage.getItem(KEPT);
    return kept === null ? null : kept === "yes";
  } catch {
    return null;
  }
}

function remember(isList) {
  try {
    localStorage.setItem(KEPT, isList ? "yes" : "no");
  } catch {
    // it is asked anew next time
  }
}
