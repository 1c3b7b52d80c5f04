// Nothing typed is lost: what is typed into a form that is posted rests on the phone until the
// server accepted it; without signal it waits there and is sent once (decision 0034).
import { DraftBar } from "./draft_bar.js";
import { DraftStore } from "./draft_store.js";
import { SendLater, bodyOf, newKey } from "./send_later.js";
import { addressOf, asItStands, changedFields, identify, isCovered, isKept, isOnPage, putBack, together } from "./typed_fields.js";

const A_PAUSE = 300;
const STILL_UNDER_WAY = 30_000;
const AN_HOUR = 3_600_000;
const COOKIE = "linli_sent";

class Drafts {
  constructor(words) {
    this.words = words.dataset;
    this.store = new DraftStore(this.words.owner, Number(this.words.days));
    this.bar = new DraftBar(words);
    this.queue = new SendLater(this.store, (entry, outcome, answer) => this.settle(entry, outcome, answer));
    this.forms = identify(Array.from(document.querySelectorAll("form")).filter(isKept));
    this.tab = tabName();
    this.touched = new Set();
    this.own = new Map(); // by form: the key of the draft that is what its fields say
    this.asked = new Set(); // entries this very page sent: their answer leads on from here
  }

  start() {
    this.look();
    document.addEventListener("input", (event) => this.typed(event));
    document.addEventListener("change", (event) => this.typed(event));
    document.addEventListener("submit", (event) => this.submitted(event));
    for (const leaving of ["pagehide", "visibilitychange"]) document.addEventListener(leaving, () => this.keepTouched());
    window.addEventListener("pagehide", () => this.keepTouched());
    window.addEventListener("beforeunload", (event) => this.warn(event));
    window.addEventListener("online", () => this.queue.sendAll());
    window.addEventListener("storage", () => this.showAll());
    window.addEventListener("pageshow", (event) => event.persisted && this.look());
    document.addEventListener("visibilitychange", () => document.hidden || this.queue.sendAll());
    if (!this.store.isPublic) this.queue.sendAll();
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

  // ---- sending
  submitted(event) {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    const there = addressOf(form, event.submitter);
    if (there.pathname === this.words.signOut) return this.signOut(event);
    this.readOutcome(); // of a file that was sent down, no page followed
    this.touched.delete(form);
    const entry = this.forms.has(form) ? this.keep(form) : null;
    if (this.store.isPublic) {
      if (entry) this.store.write({ ...entry, state: "sending" });
      return;
    }
    const isOffline = navigator.onLine === false;
    if (!entry) {
      if (isOffline) this.refuse(event, form);
      return;
    }
    this.handOver(event, form, entry, there, isOffline);
  }

  handOver(event, form, entry, there, isOffline) {
    const { body, files } = bodyOf(form, event.submitter);
    const state = isOffline ? "queued" : "sending";
    const action = there.pathname + there.search;
    const sent = { ...entry, action, body, files: files.length, state, at: Date.now(), tab: this.tab, reason: "" };
    if (files.length) this.queue.files.set(entry.key, files);
    this.store.write(sent);
    if (isOffline) {
      event.preventDefault();
      this.asked.add(entry.key);
      this.show(sent, form);
      this.bar.shown.get(entry.id)?.scrollIntoView({ block: "center" });
      return;
    }
    this.bar.hide(entry.id);
    const input = form.querySelector("input[name=submission]") || document.createElement("input");
    Object.assign(input, { type: "hidden", name: "submission", value: entry.key });
    form.append(input);
  }

  refuse(event, form) {
    event.preventDefault();
    this.bar.show("offline", "offline", { form, buttons: { close: () => this.bar.hide("offline") } });
  }

  signOut(event) {
    const open = this.store.all().filter((entry) => entry.state !== "asks");
    if (open.length && !window.confirm(this.words.leaving)) event.preventDefault();
    else this.store.clear();
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

  warn(event) {
    const isOnlyHere = (one) => one.place === "page" || (one.state === "queued" && this.queue.files.has(one.key));
    if (this.store.all().some((one) => one.state !== "sending" && isOnlyHere(one))) event.preventDefault();
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

const words = document.getElementById("draft-words");
if (words) new Drafts(words).start();
