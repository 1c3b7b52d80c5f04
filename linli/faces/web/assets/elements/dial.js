// On a phone the number is dialled at once; on a desk it stands there to be read.
class Dial extends HTMLElement {
  connectedCallback() {
    const link = this.querySelector("a[href^='tel:']");
    if (link && window.matchMedia("(pointer: coarse)").matches) link.click();
  }
}

customElements.define("ll-dial", Dial);
