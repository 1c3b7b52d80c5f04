"""What holds for every page that any test opens in the browser."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # loaded with the first browser
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[1]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
BUILT = ROOT / "linli/faces/web/static/built"
GRAVE = {"serious", "critical"}
LANGUAGES = {"zh-hans", "zh-hant", "en"}
TAP = 44
LONGEST_WAIT_S = 15
# A page may be excused from a check only by a name that stands here with its reason.
EXCEPTIONS = {
    "taps": "a map or drawing whose parts are smaller than a finger and have a list beside them",
    "axe": "a page made by somebody else's library, checked by hand",
}

LOOK = """(tap) => {
  const shown = (e) => {
    const r = e.getBoundingClientRect(), s = getComputedStyle(e);
    return r.width > 1 && r.height > 1 && s.visibility !== 'hidden' && s.opacity !== '0';
  };
  const says = (e) => (e.innerText || e.value || e.name || '').trim().slice(0, 20);
  const name = (e) => `${e.tagName.toLowerCase()}.${String(e.className.baseVal ?? e.className)
    .trim().replace(/\\s+/g, '.')} “${says(e)}”`;
  const inSentence = (e) => e.tagName === 'A' && getComputedStyle(e).display === 'inline'
    && [...e.parentElement.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  const box = (e) => {
    const label = e.labels && e.labels.length && ['checkbox', 'radio'].includes(e.type)
      ? e.labels[0] : null;
    const a = e.getBoundingClientRect(), b = (label || e).getBoundingClientRect();
    return { w: Math.max(a.right, b.right) - Math.min(a.left, b.left),
             h: Math.max(a.height, b.height) };
  };
  const controls = [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button]')]
    .filter((e) => shown(e) && !e.disabled && !e.closest('.skip, .visually-hidden'));
  const small = controls.filter((e) => !inSentence(e)).filter((e) => {
    const { w, h } = box(e); return w < tap - 0.5 || h < tap - 0.5; });
  const unlabelled = [...document.querySelectorAll(
    'input:not([type=hidden]):not([type=submit]), select, textarea')].filter((e) =>
    !(e.labels && e.labels.length) && !e.getAttribute('aria-label')
    && !e.getAttribute('aria-labelledby'));
  return {
    h1: document.querySelectorAll('h1').length,
    title: document.title.trim(),
    lang: document.documentElement.lang,
    sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    wide: innerWidth,
    small: small.map((e) => `${name(e)} ${Math.round(box(e).w)}×${Math.round(box(e).h)}`),
    unlabelled: unlabelled.map(name),
    inline: document.querySelectorAll(
      '[style], style, script:not([src]):not([type="application/json"])').length,
    unmarked: [...document.querySelectorAll('img:not([alt])')].map(name),
  };
}"""


@dataclass
class Seen:
    """What a visitor's browser reported since the last check."""

    console: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    expected_status: int = 200


@functools.cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


def check_page(page: Page, seen: Seen, *, is_phone: bool, exceptions: tuple[str, ...] = ()) -> None:
    """Fail with everything that is wrong with the page as it stands."""
    unknown = set(exceptions) - set(EXCEPTIONS)
    assert not unknown, f"no such exception: {unknown}"
    _wait_until_it_stands(page)
    wrong = list(_looks(page, is_phone=is_phone, exceptions=exceptions))
    wrong += [f"console: {line}" for line in _unexpected(seen)]
    wrong += [f"outside address: {one}" for one in seen.outside]
    if "axe" not in exceptions:
        wrong += _access(page)
    seen.console.clear()
    assert not wrong, f"{page.url}\n  " + "\n  ".join(wrong)


def _playwright_error() -> type[Exception]:
    from playwright.sync_api import Error

    return Error


def _wait_until_it_stands(page: Page) -> None:
    """Wait for a page that a click may still be on its way to, and that has no root for a moment.

    Playwright's own waiting asks again inside the page, where the policy of pages forbids it.
    """
    until = time.monotonic() + LONGEST_WAIT_S
    while time.monotonic() < until:
        with contextlib.suppress(_playwright_error()):  # the page before has just gone
            if page.evaluate("document.documentElement && document.readyState === 'complete'"):
                return
        page.wait_for_timeout(20)
    raise AssertionError(f"{page.url} did not come")


def _looks(page: Page, *, is_phone: bool, exceptions: tuple[str, ...]) -> list[str]:
    seen: dict[str, Any] = page.evaluate(LOOK, TAP)
    wrong = []
    if seen["h1"] != 1:
        wrong.append(f"{seen['h1']} h1 elements")
    if not seen["title"] or seen["title"].startswith("·"):
        wrong.append(f"no title: {seen['title']!r}")
    if seen["lang"] not in LANGUAGES:
        wrong.append(f"html lang is {seen['lang']!r}")
    if seen["inline"]:
        wrong.append(f"{seen['inline']} inline styles or scripts")
    wrong += [f"no label: {one}" for one in seen["unlabelled"]]
    wrong += [f"no alternative: {one}" for one in seen["unmarked"]]
    if is_phone:
        # A mobile view port grows with what sticks out of it, so both are asked.
        if seen["sideways"] > 0 or seen["wide"] > page.viewport_size["width"]:  # type: ignore[index]
            wrong.append(f"scrolls sideways by {max(seen['sideways'], seen['wide'] - 390)} px")
        if "taps" not in exceptions:
            wrong += [f"hard to tap: {one}" for one in seen["small"]]
    return wrong


def _unexpected(seen: Seen) -> list[str]:
    """Leave out the browser's remark on the very status the test asked for."""
    expected = f"the server responded with a status of {seen.expected_status}"
    return [line for line in seen.console if expected not in line]


# What a page is made of, without its words: what axe found right needs no second look. Rows that
# are made alike count once, so that a list of three and one of thirty are the same page.
SKELETON = """() => {
  const marks = (e) => [...e.attributes].filter((a) => a.name.startsWith('aria-')
      || ['role', 'type', 'disabled', 'open'].includes(a.name))
    .map((a) => a.name + Boolean(a.value)).join(' ');
  const made = (e) => {
    const inside = [];
    for (const child of e.children) {
      const one = made(child);
      if (inside.at(-1) !== one) inside.push(one);
    }
    return [e.tagName, e.className.baseVal ?? e.className, Boolean(e.textContent.trim()), marks(e),
      e.getAttribute('style') ?? '', `(${inside.join(',')})`].join(' ');
  };
  return `${innerWidth} ${document.documentElement.dataset.care} ${made(document.body)}`;
}"""


@functools.cache
def _right() -> Path:
    """Where the pages that axe found right are remembered, for all workers and as long as it holds.

    Another look, or another axe, and everything is looked at anew.
    """
    digest = hashlib.sha256(AXE.read_bytes() + Path(__file__).read_bytes())
    for file in sorted(BUILT.glob("*.css")):
        digest.update(file.read_bytes())
    folder = ROOT / "var/tests/axe" / digest.hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _access(page: Page) -> list[str]:
    made_of = hashlib.sha256(str(page.evaluate(SKELETON)).encode()).hexdigest()
    if (_right() / made_of).exists():
        return []
    wrong = _axe_says(page)
    if not wrong:
        (_right() / made_of).touch()
    return wrong


def _axe_says(page: Page) -> list[str]:
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(f"() => {{ {_axe()} }}")
    found: list[dict[str, Any]] = page.evaluate(
        "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
    )
    return [
        f"axe {one['id']} ({one['impact']}): {one['help']}: "
        + "; ".join(
            f"{' '.join(map(str, node['target']))} {_why(node)}" for node in one["nodes"][:4]
        )
        for one in found
        if one["impact"] in GRAVE
    ]


def _why(node: dict[str, Any]) -> str:
    return str((node.get("failureSummary") or "").splitlines()[-1:])[:200]
