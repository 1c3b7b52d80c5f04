// <ll-plan>: arrow keys walk from building to building. Where the plan is drawn they move the
// building that was chosen, with Shift they make it larger or smaller; the boxes beside follow.
const STEPS = {
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
};
const PARTS = ["x", "y", "width", "height"];
const MOST = 60;

class EstatePlan extends HTMLElement {
  connectedCallback() {
    this.drawing = this.querySelector("svg");
    this.houses = Array.from(this.querySelectorAll(".plan-house"));
    if (!this.drawing || !this.houses.length) return;
    if (this.dataset.cell) this.edit();
    else this.addEventListener("keydown", (event) => this.walk(event));
  }

  // The nearest one that way: far to the side counts more than far ahead.
  walk(event) {
    const step = STEPS[event.key];
    const here = event.target.closest("a.plan-house");
    if (!step || !here) return;
    event.preventDefault();
    const from = this.middle(here);
    let best = null;
    let least = Infinity;
    this.houses.forEach((house) => {
      const to = this.middle(house);
      const ahead = (to.x - from.x) * step.x + (to.y - from.y) * step.y;
      const aside = Math.abs((to.x - from.x) * step.y) + Math.abs((to.y - from.y) * step.x);
      if (house === here || ahead <= 1 || ahead + 3 * aside >= least) return;
      least = ahead + 3 * aside;
      best = house;
    });
    if (best) best.focus();
  }

  middle(house) {
    const box = house.querySelector("rect").getBBox();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }

  edit() {
    this.cell = Number(this.dataset.cell);
    this.gap = Number(this.dataset.gap);
    this.form = this.closest("form");
    this.size = { x: this.drawing.viewBox.baseVal.width, y: this.drawing.viewBox.baseVal.height };
    this.houses.forEach((house) => {
      house.setAttribute("tabindex", "0");
      house.setAttribute("role", "button");
      house.addEventListener("focus", () => this.choose(house));
      house.addEventListener("keydown", (event) => this.move(event, house));
      house.addEventListener("pointerdown", (event) => this.grip(event, house));
    });
    this.form.addEventListener("input", () => this.draw());
    this.form.addEventListener("focusin", (event) => {
      const row = event.target.closest("tr[data-key]");
      if (row) this.choose(this.houses.find((one) => one.dataset.key === row.dataset.key));
    });
    this.draw();
  }

  box(house, part) {
    return this.form.elements[`at_${house.dataset.key}_${part}`];
  }

  where(house) {
    const at = {};
    PARTS.forEach((part) => { at[part] = Number(this.box(house, part).value); });
    return at;
  }

  choose(house) {
    if (!house) return;
    this.form.querySelectorAll(".is-chosen").forEach((one) => one.classList.remove("is-chosen"));
    house.classList.add("is-chosen");
    const row = this.form.querySelector(`tr[data-key="${house.dataset.key}"]`);
    if (row) row.classList.add("is-chosen");
  }

  put(house, at) {
    const inside = at.x + at.width <= MOST + 1 && at.y + at.height <= MOST + 1;
    if (!inside || PARTS.some((part) => at[part] < 1)) return;
    PARTS.forEach((part) => { this.box(house, part).value = at[part]; });
    this.draw();
  }

  move(event, house) {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const at = this.where(house);
    at[event.shiftKey ? "width" : "x"] += step.x;
    at[event.shiftKey ? "height" : "y"] += step.y;
    this.put(house, at);
  }

  grip(event, house) {
    event.preventDefault();
    house.focus();
    const start = this.where(house);
    const step = this.cell * (this.drawing.getBoundingClientRect().width / this.size.x);
    const follow = (moved) => {
      const x = start.x + Math.round((moved.clientX - event.clientX) / step);
      const y = start.y + Math.round((moved.clientY - event.clientY) / step);
      this.put(house, { ...start, x: Math.max(1, x), y: Math.max(1, y) });
    };
    const release = () => {
      ["pointermove", "pointerup", "pointercancel"].forEach((name, n) =>
        window.removeEventListener(name, n ? release : follow));
    };
    window.addEventListener("pointermove", follow);
    window.addEventListener("pointerup", release);
    window.addEventListener("pointercancel", release);
  }

  // Each building to where its boxes say; one without numbers is not on the plan.
  draw() {
    this.houses.forEach((house) => {
      const at = this.where(house);
      house.classList.toggle("is-out", PARTS.some((part) => at[part] < 1));
      const x = (at.x - 1) * this.cell + this.gap;
      const y = (at.y - 1) * this.cell + this.gap;
      const width = Math.max(0, at.width * this.cell - 2 * this.gap);
      const height = Math.max(0, at.height * this.cell - 2 * this.gap);
      const lengths = { x, y, width, height };
      PARTS.forEach((part) => house.querySelector("rect").setAttribute(part, lengths[part]));
      house.querySelector("text").setAttribute("x", x + width / 2);
      house.querySelector("text").setAttribute("y", y + height / 2 + 5);
      this.size.x = Math.max(this.size.x, (at.x + at.width - 1) * this.cell);
      this.size.y = Math.max(this.size.y, (at.y + at.height - 1) * this.cell);
    });
    this.drawing.setAttribute("viewBox", `0 0 ${this.size.x} ${this.size.y}`);
    this.drawing.setAttribute("width", `${this.size.x / 16}rem`);
  }
}

customElements.define("ll-plan", EstatePlan);
