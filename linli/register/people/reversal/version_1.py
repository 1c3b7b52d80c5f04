"""Memories of lists applied before 2026-12, read as those of today.

They kept what was there before and not what a list left behind: that is what stands there now, for
whoever was not touched since. Whoever was is marked so that they stand in the way.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from linli.core.batches import keys_in_batches
from linli.register.people.models import Household, Person, Residence
from linli.register.people.reversal.memory import Memory
from linli.register.people.reversal.snapshot import (
    COMPARED,
    OF_A_HOUSEHOLD,
    OF_A_STAY,
    digests,
    people_rows,
    rows_of,
    stamps_of,
    stored,
)

TOUCHED_SINCE = "changed since, by an earlier memory"
Content = Mapping[str, Any]


def memory_of_version_1(content: Content) -> Memory:
    """Read a memory of the first form; its keys are texts."""
    moment = datetime.fromisoformat(content["moment"])
    memory = Memory(moment, COMPARED)
    same = _untouched([*content["created"], *map(int, content["before"])], moment)
    digest = digests(content["created"], COMPARED)
    memory.created = {
        key: digest.get(key, "") if key in same else TOUCHED_SINCE for key in content["created"]
    }
    _people(memory, content, same)
    _stays(memory, content)
    _households(memory, content)
    homes = people_rows([*memory.created, *memory.people], ("home_id",))
    moved = {was for change in memory.people.values() for was in change.get("home_id", ())}
    memory.dwellings = sorted({row["home_id"] for row in homes.values()} | moved)
    return memory


def _untouched(keys: list[int], moment: datetime) -> set[int]:
    found: set[int] = set()
    for some in keys_in_batches(keys):
        rows = Person.objects.filter(pk__in=some, changed_at=moment)
        found |= set(rows.values_list("pk", flat=True))
    return found


def _people(memory: Memory, content: Content, same: set[int]) -> None:
    before = {int(key): columns for key, columns in content["before"].items()}
    columns = {name for row in before.values() for name in row}
    now = people_rows(before, columns)
    stamps = stamps_of(before)
    for key, row in before.items():
        left = now.get(key, {}) if key in same else dict.fromkeys(row, TOUCHED_SINCE)
        memory.people[key] = {
            name: [stored(was), left.get(name, TOUCHED_SINCE)]
            for name, was in row.items()
            if left.get(name, TOUCHED_SINCE) != stored(was)
        }
        known = {one["field"]: one for one in content["stamps"].get(str(key), ())}
        memory.stamps[key] = {
            name: [_stamp(known.get(name)), stamps.get(key, {}).get(name)]
            for name in row
            if name in known or name in stamps.get(key, {})
        }


def _stamp(one: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return {name: value for name, value in one.items() if name != "field"} if one else None


def _stays(memory: Memory, content: Content) -> None:
    for key, closed in content["stays"].items():
        stays = rows_of(Residence.objects.filter(person=int(key)), OF_A_STAY)
        memory.stays_made |= {
            pk: row for pk, row in stays.items() if row["is_home"] and row["to_date"] is None
        }
        if closed in stays:
            memory.stays[closed] = {"to_date": [None, stays[closed]["to_date"]]}


def _households(memory: Memory, content: Content) -> None:
    memory.households_made = list(content["formed"])
    heads = {int(key): one for key, one in content.get("heads", {}).items()}
    now = rows_of(Household.objects.filter(pk__in=list(heads)), OF_A_HOUSEHOLD)
    for key, one in heads.items():
        row = now.get(key, {"head_id": None, "ended_on": None})
        changed = {"head_id": [one["head"], row["head_id"]], "ended_on": [None, row["ended_on"]]}
        memory.households[key] = {
            name: both for name, both in changed.items() if both[0] != both[1]
        }
        relations = people_rows(map(int, one["relations"]), ("relation_to_head",))
        for person, was in one["relations"].items():
            left = relations.get(int(person), {}).get("relation_to_head", was)
            if left != was:
                memory.people.setdefault(int(person), {})["relation_to_head"] = [was, left]
