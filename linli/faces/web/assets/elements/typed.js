// <ll-typed>: fires "typed" on the field (and so on its form) once the typing rests.
// While pinyin is being composed nothing is fired: half a syllable is not a question.
const REST = 300;

class Typed extends HTMLElement {
  connectedCallback() {
    this.composing = false;
    this.addEventListener("compositionstart", () => {
      this.composing = true;
      clearTimeout(this.timer);
    });
    this.addEventListener("compositionend", (event) => {
      this.composing = false;
      this.wait(event.target);
    });
    this.addEventListener("input", (event) => this.wait(event.target));
  }

  wait(field) {
    clearTimeout(this.timer);
    if (this.composing) return;
    const say = () => field.dispatchEvent(new CustomEvent("typed", { bubbles: true }));
    this.timer = setTimeout(say, Number(this.getAttribute("rest")) || REST);
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }
}

customElements.define("ll-typed", Typed);
