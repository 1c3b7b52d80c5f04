"""Every form, filled with the neighbours' keys: nothing of theirs shows, nothing of theirs changes.

A page that a worker may open can still be sent back with a hidden field changed.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from linli.core.scope import guard_switched_off_for_negative_control
from tests.guards.walker.fills import OBJECTS
from tests.guards.walker.test_every_address import leaks, outside, plan
from tests.guards.walker.town import POSTS, Walk, a_walk
from tests.guards.walker.walk import Walker, addresses, everything_said, is_walked, is_whole

pytestmark = [pytest.mark.django_db]

FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.S | re.I)
INPUT = re.compile(r"<(?:input|select|textarea|button)\b[^>]*\bname=\"([^\"]+)\"[^>]*>", re.I)
ATTRIBUTE = re.compile(r"\b(action|method|value|type)=\"([^\"]*)\"", re.I)
KEYS = ("place", "building", "dwelling", "household", "person", "post", "user")
OWN = {"csrfmiddlewaretoken"}
ELSEWHERE = "next community"
# By night these keys go into every field, whatever its name.
ANYWAY = ["dwelling", "person"] if is_whole() else []


def forms(page: str, path: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Return method, address and the fields of every form of a page, as they stand."""
    for head, body in FORM.findall(page):
        about = {name.lower(): html.unescape(value) for name, value in ATTRIBUTE.findall(head)}
        fields = {}
        for match in INPUT.finditer(body):
            said = dict(ATTRIBUTE.findall(match.group(0)))
            fields[match.group(1)] = html.unescape(said.get("value", ""))
        yield about.get("method", "get").upper(), about.get("action") or path, fields


def with_their_keys(method: str, fields: dict[str, str], walk: Walk) -> Iterator[dict[str, str]]:
    """Put the neighbours' keys into all fields of a form, then into each field that writes."""
    keys = {label: str(walk.object(ELSEWHERE, label, OBJECTS[label]).pk) for label in KEYS}
    for key in keys.values():
        yield {name: value if name in OWN else key for name, value in fields.items()}
    for name in fields if method == "POST" else ():
        likely = [label for label in KEYS if label in name] or ANYWAY
        for label in likely if name not in OWN else ():
            yield {**fields, name: keys[label]}
    path = walk.areas[ELSEWHERE].grid.path
    yield {**dict.fromkeys(fields, path), "scope_path": path, "path": path}


def every_form(
    walk: Walk, walker: Walker, *, every: bool
) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Collect the forms of the pages this person can open, by day of a share of them."""
    seen = set()
    for address in addresses():
        if address.route.startswith("account/") or not (every or is_walked(address.route, 0)):
            continue
        for area, path, _ in plan(address, walk):
            if area not in ("", "ours"):
                continue
            answer = walker.ask("GET", path)
            if answer.status_code != 200 or "html" not in answer.get("Content-Type", ""):
                continue
            for method, action, fields in forms(answer.content.decode(), path):
                if (method, action, tuple(fields)) not in seen and action.startswith("/"):
                    seen.add((method, action, tuple(fields)))
                    yield method, action, fields


def send_them_all(walk: Walk, role: str, *, until_one_shows: bool = False) -> tuple[list[str], int]:
    """Send every form with their keys in it; return what leaked or crashed, and how many."""
    walker, wrong, sent = Walker(walk.users[role]), [], 0
    found = every_form(walk, walker, every=until_one_shows)
    for method, action, fields in found if until_one_shows else list(found):
        if "sign-out" in action or "logout" in action:
            continue
        if not (until_one_shows or is_walked("".join(fields), 0)):
            continue
        for filled in with_their_keys(method, fields, walk):
            sent += 1
            if method == "POST":
                answer = walker.ask("POST", action, data=urlencode(filled))
            else:
                answer = walker.ask("GET", f"{action.split('?')[0]}?{urlencode(filled)}")
            said = everything_said(answer)
            if words := leaks(walk, role, said):
                wrong.append(f"{method} {action} {filled}: shows {words}")
                if until_one_shows:
                    return wrong, sent
            if answer.status_code >= 500:
                wrong.append(f"{method} {action} {filled}: {answer.status_code}")
    return [*walker.crashes.values(), *wrong[:20]], sent


@pytest.mark.parametrize(
    "role",
    [
        pytest.param("secretary", marks=pytest.mark.nightly),
        "grid_worker",
        pytest.param("property_manager", marks=pytest.mark.nightly),
    ],
)
def test_a_form_with_their_keys_shows_and_changes_nothing_of_theirs(role: str) -> None:
    walk = a_walk()
    for label in KEYS:
        walk.object(ELSEWHERE, label, OBJECTS[label])
    for address in addresses():
        plan(address, walk)
    path = POSTS[role][1]  # type: ignore[index]
    before = outside(path, everything=False)
    problems, sent = send_them_all(walk, role)
    assert not problems, "\n".join(problems)
    assert outside(path, everything=False) == before, "something of theirs changed"
    assert sent > 20, "there were forms to send"


def test_without_the_guard_they_show() -> None:
    walk = a_walk()
    for address in addresses():
        plan(address, walk)
    with guard_switched_off_for_negative_control():
        problems, _ = send_them_all(walk, "grid_worker", until_one_shows=True)
    assert any("shows" in problem for problem in problems)


def test_a_form_is_read() -> None:
    page = '<form method="post" action="/x/"><input type="hidden" name="a" value="1&amp;2"></form>'
    assert list(forms(page, "/y/")) == [("POST", "/x/", {"a": "1&2"})]
