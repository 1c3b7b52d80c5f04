// Sends what waits on the phone once there is signal. The server counts it once by its key, so that
// sending again what may have arrived does no harm.
const FIELD = "submission";
const TOO_LONG = 25_000;
const FIRST_WAIT = 15_000;
const LONGEST_WAIT = 120_000;
const MOST_TRIES = 5;

export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// What a form would send, without the token that is the page's own; files are counted.
export function bodyOf(form, submitter) {
  const all = Array.from(new FormData(form)).filter(([name]) => name !== "csrfmiddlewaretoken" && name !== FIELD);
  const body = all.filter(([, value]) => typeof value === "string");
  if (submitter?.name) body.push([submitter.name, submitter.value]);
  const files = all.filter(([, value]) => typeof value !== "string" && value.size);
  return { body, files };
}

export class SendLater {
  // `settle(entry, outcome, {html, location})` is told how each sending ended.
  constructor(store, settle) {
    this.store = store;
    this.settle = settle;
    this.files = new Map(); // by key: chosen files live as long as this page
    this.wait = FIRST_WAIT;
  }

  waiting() {
    return this.store.all().filter((entry) => entry.state === "queued");
  }

  async sendAll() {
    clearTimeout(this.timer);
    if (this.busy || !this.waiting().length) return;
    this.busy = true;
    try {
      await alone(async () => {
        for (const entry of this.waiting()) await this.send(entry);
      });
    } finally {
      this.busy = false;
    }
    if (!this.waiting().length) this.wait = FIRST_WAIT;
    else {
      this.timer = setTimeout(() => this.sendAll(), this.wait);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    }
  }

  async send(entry) {
    if (navigator.onLine === false) return;
    let answer;
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), TOO_LONG);
    try {
      answer = await fetch(entry.action, {
        method: "POST",
        body: this.packed(entry),
        headers: { "X-CSRFToken": token(), "X-Linli-Submission": "1" },
        redirect: "manual",
        credentials: "same-origin",
        signal: stop.signal,
      });
      await this.tell(entry, answer);
    } catch {
      // No signal after all: it stays, under the same key.
    } finally {
      clearTimeout(timer);
    }
  }

  packed(entry) {
    const files = this.files.get(entry.key) || [];
    const packed = files.length ? new FormData() : new URLSearchParams();
    for (const [name, value] of [...entry.body, [FIELD, entry.key], ...files]) packed.append(name, value);
    return packed;
  }

  async tell(entry, answer) {
    const outcome = answer.headers.get("Linli-Submission");
    const text = answer.type === "opaqueredirect" ? "" : await answer.text();
    if (outcome) {
      const isJson = (answer.headers.get("Content-Type") || "").includes("json");
      this.settle(entry, outcome, isJson ? JSON.parse(text) : { html: text });
    } else if (answer.status < 500 || (entry.tries || 0) + 1 >= MOST_TRIES) this.settle(entry, "stale", {});
    else this.store.write({ ...entry, tries: (entry.tries || 0) + 1 });
  }
}

// One tab at a time, where browsers can tell; where not, the server decides.
function alone(run) {
  return navigator.locks ? navigator.locks.request("linli-send", run) : run();
}

// The cookie's, not the page's: somebody may have signed in anew in another tab.
function token() {
  return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] || "";
}
