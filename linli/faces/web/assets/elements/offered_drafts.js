// The drafts of a page: what the server said of the one before, which are offered, put back, let go.
import { DraftBar } from "./draft_bar.js";
import { DraftStore } from "./draft_store.js";
import { newKey } from "./send_later.js";
import { asItStands, identify, isKept, isOnPage, putBack } from "./typed_fields.js";

const STILL_UNDER_WAY = 30_000;
const AN_HOUR = 3_600_000;
const COOKIE = "linli_sent";

export class OfferedDrafts {
  constructor(words) {
    this.words = words.dataset;
    this.store = new DraftStore(this.words.owner, Number(this.words.days));
    this.bar = new DraftBar(words);
    this.forms = identify(Array.from(document.querySelectorAll("form")).filter(isKept));
    this.tab = tabName();
    this.touched = new Set();
    this.own = new Map(); // by form: the key of the draft that is what its fields say
    this.asked = new Set(); // entries this very page sent: their answer leads on from here
  }

  look() {
    this.readOutcome();
    this.store.all().filter((entry) => entry.state === "sending").forEach((entry) => this.unconfirmed(entry));
    for (const entry of this.store.all()) {
      const form = this.formOf(entry);
      if (form && isOnPage(form, entry.fields)) this.own.set(entry.id, entry.key);
    }
    this.showAll();
  }

  // ---- what the server said of the form that was sent before this page
  readOutcome() {
    const [, key, outcome] = new RegExp(`(?:^|; )${COOKIE}=([\\w-]+)\\.([\\w-]+)`).exec(document.cookie) || [];
    if (!key) return;
    document.cookie = `${COOKIE}=; path=/; max-age=0`;
    const entry = this.store.all().find((one) => one.key === key);
    if (!entry) return;
    if (outcome === "accepted") this.accepted(entry);
    else if (outcome === "moved" || outcome === "shown") this.store.write({ ...entry, state: "asks", body: [] });
    else this.cameBack(entry, this.formOf(entry), outcome);
  }

  accepted(entry) {
    this.store.remove(entry.id);
    // The pages in between, which asked something more before it was stored.
    const before = (one) => one.state === "asks" && one.tab === this.tab && Date.now() - one.at < AN_HOUR;
    this.store.all().filter(before).forEach((one) => this.store.remove(one.id));
  }

  // The form came back: what it still holds is the draft; what was stored in part has a new key.
  cameBack(entry, form, outcome, reason = "") {
    const fields = form ? asItStands(form, entry.fields) : entry.fields;
    const key = outcome === "partly" ? newKey() : entry.key;
    const state = reason ? outcome : "typed";
    if (!fields.length) this.store.remove(entry.id);
    else this.store.write({ ...entry, fields, key, state, reason, body: [], files: 0 });
  }

  // Sent, and nobody heard how it ended: it is sent again, under the same key.
  unconfirmed(entry) {
    if (this.store.isPublic) {
      // Nobody says how it ended to whoever is not signed in: a page that came back is a refusal.
      if (entry.page === location.pathname + location.search) this.store.write({ ...entry, state: "typed" });
      else this.store.remove(entry.id);
      return;
    }
    if (entry.tab !== this.tab && Date.now() - entry.at < STILL_UNDER_WAY) return;
    this.store.write({ ...entry, state: entry.files ? "typed" : "queued" });
  }

  // ---- what the page shows
  formOf(entry) {
    return Array.from(this.forms).find(([, id]) => id === (entry.form || entry.id))?.[0];
  }

  showAll() {
    this.bar.hideAll();
    for (const entry of this.store.all()) {
      const form = this.formOf(entry);
      const isHere = form && isOnPage(form, entry.fields);
      if (form && !(isHere && ["typed", "asks"].includes(entry.state))) this.show(entry, form);
      else if (!form && !["typed", "asks", "sending"].includes(entry.state)) this.show(entry);
    }
  }

  show(entry, form) {
    const isLive = this.queue.files.has(entry.key);
    const notes = [entry.place, entry.files && (isLive ? "live-files" : "files")].filter(Boolean);
    const when = { sending: "queued" }[entry.state] || entry.state;
    const canRestore = form && !isOnPage(form, entry.fields);
    const opens = { "signed-out": this.words.signIn + "?next=" + encodeURIComponent(location.pathname) };
    this.bar.show(entry.id, when, {
      form,
      at: entry.at,
      reason: entry.reason,
      notes: this.store.isPublic ? notes.filter((one) => one !== "tab") : notes,
      open: opens[when] || (form ? "" : entry.page),
      buttons: { restore: canRestore && (() => this.restore(entry, form)), drop: () => this.drop(entry) },
    });
  }

  drop(entry) {
    this.store.remove(entry.id);
    this.queue.files.delete(entry.key);
    this.bar.hide(entry.id);
  }

  restore(entry, form) {
    this.bar.hide(entry.id);
    const left = putBack(form, entry.fields);
    this.store.remove(entry.id);
    const id = this.forms.get(form);
    this.store.write({ ...entry, id, form: "", state: "typed", reason: "" });
    this.own.set(id, entry.key);
    const words = left.filter((one) => /[^\x00-\x7f]| /.test(one));
    const buttons = { close: () => this.bar.hide(entry.id) };
    if (words.length) this.bar.show(entry.id, "left", { form, left: words, buttons });
  }
}

// Tells this tab from another, and stays the same from page to page.
function tabName() {
  try {
    const name = sessionStorage.getItem("linli.tab") || newKey();
    sessionStorage.setItem("linli.tab", name);
    return name;
  } catch {
    return newKey();
  }
}
