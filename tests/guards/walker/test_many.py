"""Every verb for many, with everybody's keys: of the neighbours nothing shows, nothing changes."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from linli.core.interface.bulk import every_bulk_verb
from linli.core.scope import guard_switched_off_for_negative_control
from linli.core.time import today
from tests.guards.walker.fills import OBJECTS
from tests.guards.walker.test_every_address import leaks, outside
from tests.guards.walker.town import AREAS, POSTS, Walk, a_walk
from tests.guards.walker.walk import Walker, everything_said

pytestmark = [pytest.mark.django_db]

# Which canary objects stand in a list; a list that is not here fails the test.
ROWS = {"tasks.inbox": "task", "cases.all": "case", "alerts.all": "occasion"}
GIVEN = {"reason": "人手调开了", "result": "看过了", "channel": "home", "next": "/"}


def keys_of(walk: Walk) -> dict[str, list[int]]:
    """Return the keys of all neighbourhoods for each list."""
    return {
        key: [walk.object(area, label, OBJECTS[label]).pk for area in AREAS]
        for key, label in ROWS.items()
    }


def shown(walk: Walk, role: str) -> tuple[list[str], int]:
    """Try every verb with the keys of all; return what shows of others, and how many were done."""
    walker, keys = Walker(walk.users[role]), keys_of(walk)
    seat = f"{role}:{walk.areas['ours'].grid.pk}"
    wrong, done = [], 0
    for verb in every_bulk_verb():
        given = {"k": keys[verb.list_key], "seat": seat, "done_on": str(today()), **GIVEN}
        path, sent = f"/many/{verb.list_key}/{verb.key}/", urlencode(given, doseq=True)
        for method in ("GET", "POST"):
            asked = f"{path}?{sent}" if method == "GET" else path
            answer = walker.ask(method, asked, data=sent if method == "POST" else "")
            found = leaks(walk, role, everything_said(answer))
            wrong += [f"{method} {path}: shows {found}"] if found else []
            done += method == "POST" and answer.status_code == 200
    return wrong, done


@pytest.mark.parametrize("role", ["secretary", "grid_worker"])
def test_keys_of_others_show_and_change_nothing(role: str) -> None:
    walk = a_walk()
    assert {verb.list_key for verb in every_bulk_verb()} == set(ROWS)
    keys_of(walk)
    path = POSTS[role][1]  # type: ignore[index]
    before = outside(path, everything=False)
    wrong, done = shown(walk, role)
    assert not wrong, "\n".join(wrong)
    assert outside(path, everything=False) == before, "something of theirs changed"
    assert done, "something of one's own was done"


def test_without_the_guard_they_show() -> None:
    walk = a_walk()
    keys_of(walk)
    with guard_switched_off_for_negative_control():
        wrong, _done = shown(walk, "secretary")
    assert wrong
