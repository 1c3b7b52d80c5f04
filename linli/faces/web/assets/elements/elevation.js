// <ll-elevation>: arrow keys walk from door to door; Tab enters and leaves the whole building.
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

class ElevationGrid extends HTMLElement {
  connectedCallback() {
    this.rows = Array.from(this.querySelectorAll("tbody tr"), (row) =>
      Array.from(row.querySelectorAll("td"), (cell) => cell.querySelector("a")));
    const doors = this.rows.flat().filter(Boolean);
    if (!doors.length) return;
    doors.forEach((door, i) => { door.tabIndex = i ? -1 : 0; });
    this.addEventListener("keydown", (event) => this.walk(event));
    this.addEventListener("focusin", (event) => {
      doors.forEach((door) => { door.tabIndex = door === event.target ? 0 : -1; });
    });
  }

  walk(event) {
    const step = STEPS[event.key];
    if (!step) return;
    let row = this.rows.findIndex((doors) => doors.includes(event.target));
    if (row < 0) return;
    let column = this.rows[row].indexOf(event.target);
    event.preventDefault();
    do {
      row += step[0];
      column += step[1];
      if (!this.rows[row] || column < 0 || column >= this.rows[row].length) return;
    } while (!this.rows[row][column]);
    this.rows[row][column].focus();
  }
}

customElements.define("ll-elevation", ElevationGrid);
