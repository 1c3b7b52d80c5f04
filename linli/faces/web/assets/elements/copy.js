// <ll-copy text="…">: shows its button only where the clipboard can be used.
class Copy extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    if (!button || !navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(this.getAttribute("text"));
      const words = button.querySelector("[data-words]");
      const before = words.textContent;
      words.textContent = this.getAttribute("done");
      setTimeout(() => { words.textContent = before; }, 2000);
    });
  }
}

customElements.define("ll-copy", Copy);
