// <ll-toast>: a message can be put away; one with 撤销 stays until it is.
class Toast extends HTMLElement {
  connectedCallback() {
    const close = this.querySelector("[data-close]");
    if (!close) return;
    close.hidden = false;
    close.addEventListener("click", () => this.remove());
  }
}

customElements.define("ll-toast", Toast);
