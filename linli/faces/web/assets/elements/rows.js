// <ll-rows>: a list by keyboard. Up and down walk the rows, Enter opens (a link), x ticks.
// Without script the boxes and the buttons below them are a form like any other.
const TYPING = "input:not([type=checkbox]), select, textarea, [contenteditable]";
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

class Rows extends HTMLElement {
  connectedCallback() {
    this.links = Array.from(this.querySelectorAll("a[data-row]"));
    this.boxes = Array.from(this.querySelectorAll('input[name="k"]'));
    this.page = this.querySelector("[data-tick-page]");
    this.all = this.querySelector("[data-all]");
    this.bar = this.querySelector(".list-bar");
    this.count = this.querySelector("[data-count]");
    this.walk = (event) => this.pressed(event);
    document.addEventListener("keydown", this.walk);
    this.addEventListener("change", (event) => this.changed(event));
    if (this.page) this.page.hidden = false;
    this.tell();
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.walk);
  }

  pressed(event) {
    const at = document.activeElement;
    const here = this.contains(at) || at === document.body || at === null || at.id === "main";
    if (!here || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (at && at.matches(TYPING)) return;
    if (event.key === "x") return this.tick(event);
    const step = STEPS[event.key];
    if (!step || !this.links.length) return;
    const now = this.links.findIndex((link) => link.closest("tr").contains(at));
    // From outside the list down goes to its first row; up is left to the browser.
    const next = now < 0 ? (step > 0 ? 0 : -1) : now + step;
    if (!this.links[next]) return;
    event.preventDefault();
    this.links[next].focus();
  }

  tick(event) {
    const row = document.activeElement && document.activeElement.closest("tr");
    const box = row && this.contains(row) && row.querySelector('input[name="k"]');
    if (!box) return;
    event.preventDefault();
    box.checked = !box.checked;
    this.tell();
  }

  changed(event) {
    if (event.target === this.page) this.boxes.forEach((box) => { box.checked = this.page.checked; });
    if (event.target.name === "k" && this.all) this.all.checked = false;
    this.tell();
  }

  tell() {
    if (!this.bar) return;
    const ticked = this.boxes.filter((box) => box.checked).length;
    const number = this.all && this.all.checked ? Number(this.all.dataset.all) : ticked;
    this.bar.classList.toggle("is-on", number > 0);
    this.count.textContent = number ? `${this.count.dataset.words} ${number}` : "";
    this.boxes.forEach((box) => box.closest("tr").classList.toggle("is-ticked", box.checked));
    if (!this.page) return;
    this.page.checked = ticked === this.boxes.length && ticked > 0;
    this.page.indeterminate = ticked > 0 && ticked < this.boxes.length;
  }
}

customElements.define("ll-rows", Rows);

// A form that acts on many is sent once, however often its button is tapped.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.hasAttribute("data-once")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-once]").forEach((form) => delete form.dataset.sent);
});
