// <ll-reveal seconds="60">: what was revealed is hidden again when its minute is over.
class Reveal extends HTMLElement {
  connectedCallback() {
    this.left = Number(this.getAttribute("seconds")) || 60;
    this.clock = this.querySelector("[data-seconds]");
    this.timer = setInterval(() => this.tick(), 1000);
  }

  tick() {
    this.left -= 1;
    if (this.clock) this.clock.textContent = String(this.left);
    if (this.left > 0) return;
    clearInterval(this.timer);
    this.textContent = this.getAttribute("after") || "";
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }
}

customElements.define("ll-reveal", Reveal);
