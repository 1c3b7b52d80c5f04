// <ll-fold answered>: on a phone the boxes fold away once there is an answer to look at.
const NARROW = "(max-width: 991px)";

class Fold extends HTMLElement {
  connectedCallback() {
    const details = this.querySelector("details");
    if (details && this.hasAttribute("answered") && window.matchMedia(NARROW).matches) {
      details.open = false;
    }
  }
}

customElements.define("ll-fold", Fold);
