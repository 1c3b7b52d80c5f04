// <ll-drop>: a file may be dropped on the box, and its name is shown once chosen.
class Drop extends HTMLElement {
  connectedCallback() {
    const box = this.querySelector(".drop");
    const input = this.querySelector("input[type=file]");
    const name = this.querySelector("[data-name]");
    if (!box || !input) return;
    const show = () => {
      name.textContent = Array.from(input.files, (file) => file.name).join("、");
    };
    input.addEventListener("change", show);
    for (const kind of ["dragenter", "dragover"]) {
      box.addEventListener(kind, (event) => {
        event.preventDefault();
        box.classList.add("is-over");
      });
    }
    for (const kind of ["dragleave", "drop"]) {
      box.addEventListener(kind, () => box.classList.remove("is-over"));
    }
    box.addEventListener("drop", (event) => {
      event.preventDefault();
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}

customElements.define("ll-drop", Drop);
