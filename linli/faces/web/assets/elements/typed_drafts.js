// The drafts of what is being typed, and what became of those that were sent later.
import { OfferedDrafts } from "./offered_drafts.js";
import { SendLater, newKey } from "./send_later.js";
import { asItStands, changedFields, identify, isCovered, isKept, isOnPage, together } from "./typed_fields.js";

const A_PAUSE = 300;

export class TypedDrafts extends OfferedDrafts {
  constructor(words) {
    super(words);
    this.queue = new SendLater(this.store, (entry, outcome, answer) => this.settle(entry, outcome, answer));
  }

  // ---- typing
  typed(event) {
    const form = event.target.form;
    if (!this.forms.has(form)) return;
    this.touched.add(form);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keepTouched(), A_PAUSE);
  }

  keepTouched() {
    for (const form of this.touched) this.keep(form);
    this.touched.clear();
  }

  keep(form) {
    const id = this.forms.get(form);
    const before = this.ownDraft(id);
    if (before?.state === "queued" && isOnPage(form, before.fields)) return before;
    // What a page that was refused came back with is no change any more, and yet not stored.
    const fields = together(before ? asItStands(form, before.fields) : [], changedFields(form));
    if (!fields.length) {
      if (before) this.store.remove(id);
      return null;
    }
    this.putAside(id, before);
    const entry = {
      id, page: location.pathname + location.search, tab: this.tab, at: Date.now(), fields,
      key: before?.key || newKey(), state: "typed", body: [], files: 0, isCovered: isCovered(form, fields),
    };
    this.own.set(id, entry.key);
    const place = this.store.write(entry);
    if (before?.state === "queued") this.bar.show(id, "changed", { form });
    else if (place !== "phone" && !this.store.isPublic && !this.bar.shown.has(id)) {
      this.bar.show(id, "only-here", { form, notes: [place], buttons: { drop: () => this.drop(entry) } });
    }
    return entry;
  }

  ownDraft(id) {
    const entry = this.store.read(id);
    return entry && entry.key === this.own.get(id) ? entry : null;
  }

  // Another draft of the same form, of yesterday or of another tab, is not written over.
  putAside(id, own) {
    const other = this.store.read(id);
    if (!other || other.key === own?.key) return;
    this.store.remove(id);
    this.store.write({ ...other, id: `${id}~${other.key}`, form: id });
    if (this.bar.shown.has(id)) this.showAll();
  }

  // ---- what became of what was sent later
  settle(sent, outcome, answer) {
    // By its key: meanwhile it may have been put aside, or changed.
    const entry = this.store.all().find((one) => one.key === sent.key) || sent;
    const form = this.formOf(entry);
    if (outcome === "accepted") {
      this.sentLater(entry, form, answer.location);
      return;
    }
    if (outcome === "signed-out") this.store.write({ ...entry, state: "queued" });
    else if (outcome === "refused" || outcome === "partly") this.refusedLater(entry, outcome, answer.html || "");
    else this.store.write({ ...entry, state: outcome === "stale" ? "stale" : "asks", body: [] });
    this.showAll();
    if (outcome === "signed-out") this.show({ ...entry, state: "signed-out" }, form);
  }

  sentLater(entry, form, there) {
    const isChanged = entry.state !== "queued"; // typed on while it was under way
    if (isChanged) this.store.write({ ...entry, key: newKey() });
    else this.accepted(entry);
    this.queue.files.delete(entry.key);
    this.bar.hide(entry.id);
    const leadsOn = this.asked.has(entry.key) && form && there && !isChanged && !this.touched.size;
    if (leadsOn) window.location.assign(there);
    else this.bar.show(entry.id, "sent", { open: there, buttons: { close: () => this.bar.hide(entry.id) } });
  }

  refusedLater(entry, outcome, html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const forms = identify(Array.from(page.querySelectorAll("form")).filter(isKept));
    const form = Array.from(forms).find(([, id]) => id === (entry.form || entry.id))?.[0];
    this.cameBack(entry, form, outcome, reasonsOn(page) || " ");
  }
}

// The reasons of a refused page, as one line.
function reasonsOn(page) {
  for (const where of ["[role=alert] li", "[role=alert]", "h1"]) {
    const words = Array.from(page.querySelectorAll(`#main ${where}`), (one) => one.textContent.replace(/\s+/g, " ").trim());
    if (words.length) return words.join("；");
  }
  return "";
}
