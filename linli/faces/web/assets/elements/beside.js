// <ll-beside>: on a desk a link with data-beside opens its page beside the list it stands in.
// Narrow, without script, or with a modifier key, the link simply leads to the page.
const WIDE = window.matchMedia("(min-width: 1200px)");
const KEPT = "open";

// Two pages share one document now: an id that is taken gets a name of its own.
function apart(page) {
  page.querySelectorAll("[id]").forEach((node) => {
    const was = node.id;
    if (!document.getElementById(was)) return;
    node.id = `beside-${was}`;
    page.querySelectorAll("[for], [aria-labelledby], [aria-describedby], [aria-controls], [href]").forEach((user) => {
      ["for", "aria-labelledby", "aria-describedby", "aria-controls"].forEach((name) => {
        const words = (user.getAttribute(name) || "").split(" ");
        if (words.includes(was)) user.setAttribute(name, words.map((one) => (one === was ? node.id : one)).join(" "));
      });
      if (user.getAttribute("href") === `#${was}`) user.setAttribute("href", `#${node.id}`);
    });
  });
}

function asHeading(page) {
  page.querySelectorAll("h1").forEach((h1) => {
    const h2 = document.createElement("h2");
    h2.className = "beside-title";
    h2.tabIndex = -1;
    h2.append(...h1.childNodes);
    h1.replaceWith(h2);
  });
}

class Beside extends HTMLElement {
  connectedCallback() {
    this.box = this.querySelector(".beside-record");
    if (!this.box) return;
    this.content = this.box.querySelector("[data-content]");
    this.whole = this.box.querySelector("[data-whole]");
    this.said = this.querySelector("[data-said]");
    this.addEventListener("click", (event) => this.clicked(event));
    document.addEventListener("keydown", (event) => this.pressed(event));
    this.addEventListener("input", (event) => {
      if (this.content.contains(event.target)) this.typed = true;
    });
    this.addEventListener("submit", () => { this.typed = false; });
    this.reopen();
  }

  // Only what this page links to itself is opened, whatever the address says.
  reopen() {
    const asked = new URLSearchParams(location.search).get(KEPT);
    const link = asked && this.links().find((one) => one.getAttribute("href") === asked);
    if (link && WIDE.matches) this.open(link, false);
  }

  links() {
    return Array.from(this.querySelectorAll("a[data-beside]"));
  }

  clicked(event) {
    if (event.target.closest("[data-close]")) return this.close();
    const link = event.target.closest("a[data-beside]");
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button);
    if (!link || !plain || !WIDE.matches || event.defaultPrevented) return;
    event.preventDefault();
    // A key, not a pointer: whoever opens by Enter goes on reading there, Esc leads back.
    const byKey = event.detail === 0;
    if (link === this.link && byKey) this.read();
    else this.open(link, byKey);
  }

  pressed(event) {
    if (event.key !== "Escape" || event.defaultPrevented || !this.link) return;
    event.preventDefault();
    if (this.box.contains(document.activeElement)) this.link.focus();
    else this.close();
  }

  reveal(isOpen) {
    this.box.hidden = !isOpen;
    this.box.parentElement.classList.toggle("is-open", isOpen);
  }

  async open(link, byKey) {
    if (this.typed && !window.confirm(this.box.dataset.unsaved)) return;
    this.typed = false;
    const href = link.getAttribute("href");
    this.mark(link);
    this.whole.href = href;
    this.reveal(true);
    this.box.setAttribute("aria-busy", "true");
    if (this.waiting) this.waiting.abort();
    const waiting = new AbortController();
    this.waiting = waiting;
    try {
      const answer = await fetch(href, { credentials: "same-origin", signal: waiting.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      // Signed out meanwhile, or no page at all: the browser shows it whole.
      const main = page.querySelector("main");
      const moved = answer.redirected && new URL(answer.url).pathname !== link.pathname;
      if (!main || moved) return void window.location.assign(href);
      this.show(main, href);
      if (byKey) this.read();
    } catch (wrong) {
      if (wrong.name === "AbortError") return;
      this.trouble();
    } finally {
      if (this.waiting === waiting) this.box.removeAttribute("aria-busy");
    }
  }

  show(main, href) {
    // A form without an address posts to its own page, not to the list. There a refusal shows what
    // was typed.
    main.querySelectorAll("form").forEach((form) => {
      if (!form.getAttribute("action")) form.setAttribute("action", href);
    });
    this.content.textContent = "";
    apart(main);
    asHeading(main);
    this.content.append(...Array.from(main.childNodes, (node) => document.importNode(node, true)));
    this.box.scrollTop = 0;
    if (window.htmx) window.htmx.process(this.content);
    const title = this.content.querySelector(".beside-title");
    if (this.said && title) this.said.textContent = `${this.said.dataset.words} ${title.textContent}`;
    this.remember(href);
  }

  trouble() {
    const words = document.getElementById("trouble-words");
    const part = words && words.content.querySelector('[data-when="offline"]');
    this.content.textContent = "";
    if (part) this.content.append(part.cloneNode(true));
  }

  read() {
    const title = this.content.querySelector(".beside-title");
    (title || this.whole).focus();
  }

  mark(link) {
    if (this.link) this.link.removeAttribute("aria-current");
    this.link = link;
    if (link) link.setAttribute("aria-current", "true");
  }

  close() {
    if (this.typed && !window.confirm(this.box.dataset.unsaved)) return;
    this.typed = false;
    if (this.waiting) this.waiting.abort();
    const link = this.link;
    this.mark(null);
    this.reveal(false);
    this.content.textContent = "";
    this.remember("");
    if (link) link.focus();
  }

  remember(href) {
    const here = new URL(location.href);
    if (href) here.searchParams.set(KEPT, href);
    else here.searchParams.delete(KEPT);
    history.replaceState(history.state, "", here);
  }
}

customElements.define("ll-beside", Beside);
