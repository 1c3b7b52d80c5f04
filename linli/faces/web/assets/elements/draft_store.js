// Where typed words rest until the server accepted them: on the phone, by user; what must not rest
// on a shared phone only in this tab; where nothing can be stored, in this page.
const PREFIX = "linli.draft.";
const A_DAY = 86_400_000;
const PUBLIC = "public";
const MINUTES_IN_PUBLIC = 15;
// The length of an identity number or of a bank card, however it is grouped.
const A_LONG_NUMBER = /\d(?:[ -]?\d){14}/;
const inThisPage = new Map();

const page = {
  getItem: (key) => inThisPage.get(key) || null,
  setItem: (key, text) => inThisPage.set(key, text),
  removeItem: (key) => inThisPage.delete(key),
  keys: () => Array.from(inThisPage.keys()),
};

function shelf(name) {
  try {
    const storage = window[name];
    storage.length; // asking is refused where storing is
    return storage;
  } catch {
    return null;
  }
}

const SHELVES = [["phone", shelf("localStorage")], ["tab", shelf("sessionStorage")], ["page", page]]
  .filter(([, storage]) => storage);

function keysOf(storage) {
  return storage.keys ? storage.keys() : Object.keys(storage);
}

export class DraftStore {
  constructor(owner, days) {
    this.isPublic = !owner;
    this.prefix = `${PREFIX}${owner || PUBLIC}.`;
    this.forgetOld(days);
  }

  // Returns where it is: "phone", "tab" or "page".
  write(entry) {
    this.remove(entry.id);
    const text = JSON.stringify(entry);
    const onlyHere = this.isPublic || entry.isCovered || A_LONG_NUMBER.test(JSON.stringify([entry.fields, entry.body]));
    for (const [place, storage] of onlyHere ? SHELVES.filter(([name]) => name !== "phone") : SHELVES) {
      try {
        storage.setItem(this.prefix + entry.id, text);
        entry.place = place;
        return place;
      } catch {
        // Full or refused: the next one.
      }
    }
    return "page";
  }

  all() {
    const found = [];
    for (const [place, storage] of SHELVES) {
      for (const key of keysOf(storage).filter((one) => one.startsWith(this.prefix))) {
        found.push({ ...JSON.parse(storage.getItem(key)), place });
      }
    }
    return found.sort((one, other) => one.at - other.at);
  }

  read(id) {
    return this.all().find((entry) => entry.id === id);
  }

  remove(id) {
    for (const [, storage] of SHELVES) storage.removeItem(this.prefix + id);
  }

  clear() {
    this.all().forEach((entry) => this.remove(entry.id));
  }

  // Of every user of this phone: who never comes back leaves nothing behind.
  forgetOld(days) {
    for (const [, storage] of SHELVES) {
      for (const key of keysOf(storage).filter((one) => one.startsWith(PREFIX))) {
        const age = Date.now() - (JSON.parse(storage.getItem(key)).at || 0);
        const isPublic = key.startsWith(`${PREFIX}${PUBLIC}.`);
        if (age > (isPublic ? MINUTES_IN_PUBLIC * 60_000 : days * A_DAY)) storage.removeItem(key);
      }
    }
  }
}
