// <ll-confirm>: a link to a page that asks becomes a dialog that asks on the spot.
class Confirm extends HTMLElement {
  connectedCallback() {
    const link = this.querySelector("a");
    const dialog = this.querySelector("dialog");
    if (!link || !dialog || typeof dialog.showModal !== "function") return;
    link.setAttribute("aria-haspopup", "dialog");
    link.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.showModal();
    });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
    });
    dialog.addEventListener("close", () => link.focus());
  }
}

customElements.define("ll-confirm", Confirm);
