// The bar that says what became of something typed: above its form, or among the page's messages.
const STATES = ["typed", "queued", "asks", "refused", "partly", "signed-out", "stale", "sent", "offline", "changed", "left", "only-here"];

export class DraftBar {
  constructor(template) {
    this.template = template;
    this.shown = new Map();
  }

  // `buttons` are functions by name: restore, drop, close; `open` is an address.
  show(id, when, { form, at, reason = "", notes = [], left = [], open = "", buttons = {} } = {}) {
    this.hide(id);
    const bar = this.template.content.firstElementChild.cloneNode(true);
    bar.dataset.draftState = when;
    const keep = (name, isKept) => { if (!isKept) bar.querySelector(name).remove(); };
    STATES.forEach((one) => keep(`[data-when="${one}"]`, one === when));
    for (const note of Array.from(bar.querySelectorAll("[data-note]"))) {
      if (!notes.includes(note.dataset.note)) note.remove();
    }
    for (const time of bar.querySelectorAll("time")) time.textContent = inWords(at);
    bar.querySelector("[data-reason]").textContent = reason || left.join(" / ");
    bar.querySelector("[data-open]").href = open || "/";
    keep("[data-open]", open);
    for (const button of Array.from(bar.querySelectorAll("[data-do]"))) {
      const run = buttons[button.dataset.do];
      if (run) button.addEventListener("click", run);
      else button.remove();
    }
    if (form) form.before(bar);
    else document.getElementById("toasts")?.append(bar);
    this.shown.set(id, bar);
  }

  hide(id) {
    this.shown.get(id)?.remove();
    this.shown.delete(id);
  }

  hideAll() {
    Array.from(this.shown.keys()).forEach((id) => this.hide(id));
  }
}

function inWords(at) {
  const parts = { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" };
  return new Date(at || Date.now()).toLocaleString(document.documentElement.lang, parts);
}
