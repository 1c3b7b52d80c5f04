// What somebody typed or chose in a form: read, told from what the page said, put back.
const NOT_TYPED = ["hidden", "submit", "button", "image", "reset", "file", "password"];
const SECRET = /one-time-code|password/;
// What was shown of the record goes along, so that an edit still meets what others wrote since.
const SHOWN = /(^|-)shown$/;

function isTyped(field) {
  return field.name && !NOT_TYPED.includes(field.type) && field.tagName !== "BUTTON"
    && field.tagName !== "FIELDSET" && field.tagName !== "OUTPUT" && !SECRET.test(field.autocomplete || "");
}

export function typedFields(form) {
  return Array.from(form.elements).filter(isTyped);
}

// Where an account is opened, nothing is kept.
const ACCOUNT = /^\/(account|sign-in|second-factor)\//;

export function isKept(form) {
  return form.method === "post" && !ACCOUNT.test(location.pathname) && form.dataset.draft !== "off" && typedFields(form).length > 0
    && !form.querySelector("input[type=password], input[autocomplete=one-time-code]");
}

function valuesOf(field, wasShown) {
  if (field.type === "checkbox" || field.type === "radio") {
    return (wasShown ? field.defaultChecked : field.checked) ? [field.value] : [];
  }
  if (field.tagName !== "SELECT") return [wasShown ? field.defaultValue : field.value];
  const options = Array.from(field.options);
  const chosen = options.filter((option) => (wasShown ? option.defaultSelected : option.selected));
  if (!chosen.length && wasShown && !field.multiple) chosen.push(...options.slice(0, 1));
  return chosen.map((option) => option.value);
}

function byName(form, wasShown) {
  const found = new Map();
  for (const field of typedFields(form)) {
    found.set(field.name, [...(found.get(field.name) || []), ...valuesOf(field, wasShown)]);
  }
  return found;
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

// Pairs of a name and its values, of the fields that differ from what the page said.
export function changedFields(form) {
  const shown = byName(form, true);
  const changed = Array.from(byName(form, false)).filter(([name, values]) => !same(values, shown.get(name)));
  return changed.length ? [...changed, ...shownOf(form)] : [];
}

function shownOf(form) {
  return Array.from(form.elements).filter((one) => one.type === "hidden" && SHOWN.test(one.name))
    .map((one) => [one.name, [one.value]]);
}

// What the form says now of fields that were kept: a page that came back may have stored some.
export function asItStands(form, fields) {
  const now = new Map([...byName(form, false), ...shownOf(form)]);
  const emptied = (values) => !values || values.every((value) => !value);
  return fields.map(([name, values]) => [name, now.has(name) ? now.get(name) : values])
    .filter(([, values]) => !emptied(values));
}

// Is something among it that the page itself would show covered?
export function isCovered(form, fields) {
  const names = fields.map(([name]) => name);
  return typedFields(form).some((one) => one.dataset.covered && names.includes(one.name));
}

// Both, and of a field that is in both what the second says; what was shown alone is no draft.
export function together(fields, others) {
  const all = Array.from(new Map([...fields, ...others]));
  return all.some(([name]) => !SHOWN.test(name)) ? all : [];
}

export function isOnPage(form, fields) {
  const now = byName(form, false);
  return fields.every(([name, values]) => SHOWN.test(name) || same(now.get(name), values));
}

// Returns the words that have no field on this page any more.
export function putBack(form, fields) {
  const left = [];
  for (const [name, values] of fields) {
    const own = Array.from(form.elements).filter((one) => one.name === name);
    if (!own.length && !SHOWN.test(name)) left.push(...values);
    own.forEach((field, at) => put(field, values, at));
  }
  return left;
}

function put(field, values, at) {
  if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
  else if (field.tagName === "SELECT") {
    for (const option of field.options) option.selected = values.includes(option.value);
  } else if (values[at] !== undefined) field.value = values[at];
  for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

// A form is known by where it sends, and by its turn among those that send there: what can be typed
// into it may be different tomorrow.
export function identify(forms) {
  const seen = new Map();
  return new Map(forms.map((form) => {
    const { pathname, search } = addressOf(form);
    const base = pathname + search;
    const turn = seen.get(base) || 0;
    seen.set(base, turn + 1);
    return [form, turn ? `${base}#${turn}` : base];
  }));
}

// Not `form.action`: a field of that name would hide it.
export function addressOf(form, submitter) {
  const written = submitter?.getAttribute("formaction") || form.getAttribute("action") || "";
  return new URL(written || location.href, location.href);
}
