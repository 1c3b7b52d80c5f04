// <ll-find data-href>: the field of the header shows what it finds below itself while typing.
// Without script the form around the field asks the page of the search.
const REST = 200;
const FIELDS = "input, textarea, select, [contenteditable]";

class Find extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("input");
    if (!this.field) return;
    this.panel = this.appendChild(document.createElement("div"));
    this.panel.className = "find-panel";
    this.panel.id = "find-panel";
    this.panel.hidden = true;
    this.asked = "";
    this.field.setAttribute("role", "combobox");
    this.field.setAttribute("aria-expanded", "false");
    this.field.setAttribute("aria-autocomplete", "list");
    this.field.setAttribute("aria-haspopup", "listbox");
    this.field.addEventListener("compositionstart", () => { this.composing = true; this.stop(); });
    this.field.addEventListener("compositionend", () => { this.composing = false; this.wait(); });
    this.field.addEventListener("input", () => this.wait());
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.field.addEventListener("focus", () => this.isFresh() && this.open());
    this.addEventListener("focusout", (event) => this.contains(event.relatedTarget) || this.close());
    // A press in the list must not take the focus away before it is a click.
    this.panel.addEventListener("mousedown", (event) => event.preventDefault());
    this.shortcut = (event) => this.summon(event);
    document.addEventListener("keydown", this.shortcut);
  }

  disconnectedCallback() {
    this.stop();
    document.removeEventListener("keydown", this.shortcut);
  }

  // Ctrl+K anywhere, "/" where nobody is typing.
  summon(event) {
    const isCtrlK = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k";
    const isSlash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey &&
      !event.target.closest(FIELDS) && !document.querySelector("dialog[open]");
    if ((!isCtrlK && !isSlash) || event.isComposing || !this.field.offsetParent) return;
    event.preventDefault();
    this.field.focus();
    this.field.select();
  }

  stop() {
    clearTimeout(this.timer);
    if (this.asking) this.asking.abort();
  }

  wait() {
    this.stop();
    // What is listed answers what was typed before: Enter does not open it any more.
    if (!this.isFresh()) {
      this.panel.classList.add("find-waits");
      this.mark(-1, true);
    }
    if (this.composing) return;
    this.timer = setTimeout(() => this.ask(), REST);
  }

  words() {
    return this.field.value.trim();
  }

  isFresh() {
    return this.asked !== "" && this.asked === this.words();
  }

  async ask() {
    const words = this.words();
    if (!words) return this.forget();
    this.asking = new AbortController();
    try {
      const answer = await fetch(`${this.dataset.href}?q=${encodeURIComponent(words)}`, {
        signal: this.asking.signal, headers: { "HX-Request": "true" }, credentials: "same-origin",
      });
      // Signed out, refused, down: the form still leads to the page that says so.
      if (!answer.ok || answer.redirected) return this.forget();
      const html = await answer.text();
      if (words !== this.words()) return;
      this.panel.innerHTML = html;
      this.asked = words;
      this.panel.classList.remove("find-waits");
      this.mark(0);
      if (document.activeElement === this.field) this.open();
    } catch (wrong) {
      if (wrong.name !== "AbortError") this.forget();
    }
  }

  rows() {
    return Array.from(this.panel.querySelectorAll("[role=option]"));
  }

  mark(place, isNone) {
    const rows = this.rows();
    this.place = rows.length && !isNone ? (place + rows.length) % rows.length : -1;
    rows.forEach((row, at) => row.setAttribute("aria-selected", String(at === this.place)));
    const marked = rows[this.place];
    if (!marked) return this.field.removeAttribute("aria-activedescendant");
    this.field.setAttribute("aria-activedescendant", marked.id);
    marked.scrollIntoView({ block: "nearest" });
  }

  open() {
    const list = this.panel.querySelector("[role=listbox]");
    if (!list) return;
    list.id = "find-list";
    this.panel.hidden = false;
    list.hidden = !this.rows().length;
    this.field.setAttribute("aria-controls", list.id);
    this.field.setAttribute("aria-expanded", String(!list.hidden));
  }

  close() {
    this.stop();
    this.panel.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }

  forget() {
    this.asked = "";
    this.panel.innerHTML = "";
    this.close();
  }

  key(event) {
    if (event.isComposing || this.composing) return;
    const isOpen = !this.panel.hidden;
    if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      this.close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && this.rows().length && this.isFresh()) {
      event.preventDefault();
      if (!isOpen) { this.open(); this.mark(0); } else this.mark(this.place + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && isOpen && this.isFresh() && this.rows()[this.place]) {
      event.preventDefault();
      this.rows()[this.place].click();
    }
  }
}

customElements.define("ll-find", Find);
