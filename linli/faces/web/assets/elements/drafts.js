// Nothing typed is lost: what is typed into a form that is posted rests on the phone until the
// server accepted it; without signal it waits there and is sent once (decision 0034).
import { bodyOf } from "./send_later.js";
import { TypedDrafts } from "./typed_drafts.js";
import { addressOf } from "./typed_fields.js";

class Drafts extends TypedDrafts {
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

  warn(event) {
    const isOnlyHere = (one) => one.place === "page" || (one.state === "queued" && this.queue.files.has(one.key));
    if (this.store.all().some((one) => one.state !== "sending" && isOnlyHere(one))) event.preventDefault();
  }
}

const words = document.getElementById("draft-words");
if (words) new Drafts(words).start();
