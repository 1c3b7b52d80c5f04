"""What stands in the way of taking a change back: whatever has come since and rests on it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.apps import apps

from linli.core.batches import keys_in_batches
from linli.core.retention import HOUSEHOLD, PERSON, declared
from linli.core.scope import system_scope
from linli.register.people.models import Household, Person, Residence
from linli.register.people.reversal.memory import Memory, Row
from linli.register.people.reversal.snapshot import (
    OF_A_HOUSEHOLD,
    OF_A_STAY,
    digests,
    people_rows,
    rows_of,
    stamps_of,
    stays_of,
)
from linli.register.people.terms import PersonStatus

Besides = Mapping[str, Collection[int]]  # model: keys of rows that go with the change


class Reason(StrEnum):
    """Why a change cannot be taken back."""

    CHANGED = "changed"  # facts say something else by now
    GONE = "gone"  # the record was deleted, or lies elsewhere
    USED = "used"  # something else has been noted about the record
    LIVED_IN = "lived_in"  # others live in a household that was made
    DOUBLED = "doubled"  # a number that would come back is somebody else's


@dataclass(frozen=True)
class Obstacle:
    """One record that stands in the way; ``facts`` or ``model`` say what of it does."""

    reason: Reason
    person: int | None = None
    household: int | None = None
    facts: tuple[str, ...] = ()
    model: str = ""


def obstacles_of(memory: Memory, *, besides: Besides | None = None) -> list[Obstacle]:
    """Return everything that stands in the way, each record once for each reason.

    ``besides`` names rows that hang on the people but go together with the change.
    """
    found = [
        *_created(memory),
        *_hanging(PERSON, memory.created, besides or {}),
        *_changed(memory),
        *_stays(memory),
        *_households(memory),
        *_hanging(HOUSEHOLD, memory.households_made, besides or {}),
        *_doubled(memory),
    ]
    return list(dict.fromkeys(found))


def _created(memory: Memory) -> Iterator[Obstacle]:
    now = digests(memory.created, memory.columns)
    stamped, stays = stamps_of(memory.created), stays_of(memory.created)
    counted: dict[int, int] = {}
    for row in stays.values():
        counted[row["person_id"]] = counted.get(row["person_id"], 0) + 1
    for key, was in memory.created.items():
        if key not in now:
            yield Obstacle(Reason.GONE, person=key)
        elif now[key] != was or stamped.get(key) or counted.get(key, 1) != 1:
            yield Obstacle(Reason.CHANGED, person=key, facts=tuple(stamped.get(key, ())))


def _changed(memory: Memory) -> Iterator[Obstacle]:
    columns = {name for change in memory.people.values() for name in change} - {"scope_path"}
    now = people_rows(memory.people, columns)
    stamps = stamps_of(memory.stamps)
    for key in sorted(memory.people.keys() | memory.stamps.keys()):
        row = now.get(key)
        if key in memory.people and row is None:
            yield Obstacle(Reason.GONE, person=key)
            continue
        differing = _differing(memory.people.get(key, {}), row or {})
        differing |= {
            name
            for name, (_was, left) in memory.stamps.get(key, {}).items()
            if stamps.get(key, {}).get(name) != left
        }
        if differing:
            yield Obstacle(Reason.CHANGED, person=key, facts=tuple(sorted(differing)))


def _differing(change: Mapping[str, list[Any]], row: Row) -> set[str]:
    return {
        name for name, (_was, left) in change.items() if name != "scope_path" and row[name] != left
    }


def _stays(memory: Memory) -> Iterator[Obstacle]:
    now: dict[int, Row] = {}
    for some in keys_in_batches([*memory.stays, *memory.stays_made]):
        now |= rows_of(Residence.objects.filter(pk__in=some), OF_A_STAY)
    whose = {key: row["person_id"] for key, row in now.items()}
    for key, change in memory.stays.items():
        if key not in now or _differing(change, now[key]):
            yield Obstacle(Reason.CHANGED, person=whose.get(key), facts=("home",))
    for key, row in memory.stays_made.items():
        if now.get(key) != row:
            yield Obstacle(Reason.CHANGED, person=row["person_id"], facts=("home",))


def _households(memory: Memory) -> Iterator[Obstacle]:
    now: dict[int, Row] = {}
    for some in keys_in_batches([*memory.households, *memory.households_made]):
        now |= rows_of(Household.objects.filter(pk__in=some), OF_A_HOUSEHOLD)
    for key, change in memory.households.items():
        if key not in now:
            yield Obstacle(Reason.GONE, household=key)
        elif differing := _differing(change, now[key]):
            yield Obstacle(Reason.CHANGED, household=key, facts=tuple(sorted(differing)))
    ours = {*memory.created, *memory.people}
    for some in keys_in_batches(memory.households_made):
        with system_scope("whether others live in a household that is taken back"):
            members = Person.objects.filter(household__in=some)
            stays = Residence.objects.filter(household__in=some)
            living = [
                *members.values_list("pk", "household"),
                *stays.values_list("person", "household"),
            ]
        for person, household in living:
            if person not in ours:
                yield Obstacle(Reason.LIVED_IN, person=person, household=household)


def _hanging(about: str, keys: Iterable[int], besides: Besides) -> Iterator[Obstacle]:
    """Look through every table that hangs on people or households, as retention knows them."""
    for table in declared():
        if table.about != about or not table.is_lost_with_it or not table.keys:
            continue
        model: Any = apps.get_model(table.model)
        for column in table.keys:
            limits = table.where if column.endswith("_id") else {}
            for some in keys_in_batches(keys):
                with system_scope("what hangs on records that are taken back"):
                    rows = model.objects.filter(**{f"{column}__in": some}, **limits).order_by()
                    pairs = list(rows.values_list("pk", column))
                whom = {key for pk, key in pairs if pk not in besides.get(table.model, ())}
                for key in sorted(whom):
                    yield Obstacle(Reason.USED, **{about: key}, model=table.model)


def _doubled(memory: Memory) -> Iterator[Obstacle]:
    """Numbers that would come back and by now are somebody else's."""
    back = {
        change["identity_index"][0]: key
        for key, change in memory.people.items()
        if change.get("identity_index", [""])[0]
    }
    created = set(memory.created)
    for some in keys_in_batches(back):
        with system_scope("whether a number that comes back is somebody else's by now"):
            rows = Person.objects.filter(identity_index__in=some)
            others = list(
                rows.exclude(status=PersonStatus.MOVED_OUT).values_list("identity_index", "pk")
            )
        for index, other in others:
            is_new = "identity_index" in memory.people.get(other, {}) or other in created
            if other != back[index] and not is_new:
                yield Obstacle(Reason.DOUBLED, person=back[index], facts=("identity_number",))
