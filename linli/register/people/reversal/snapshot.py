"""Rows of the register as they stand before a change and after it."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from linli.core.batches import keys_in_batches
from linli.core.personal_data.crypto import EncryptedText
from linli.register.people.models import FactStamp, Household, Person, Residence
from linli.register.people.reversal.memory import Change, Memory, Row

# What changes with those whom somebody lives with, without being said of them.
OF_A_MEMBER = ("household_id", "relation_to_head")
OF_A_MOVE = (
    *OF_A_MEMBER,
    "home_id",
    "tenure",
    "residence_status",
    "lives_since",
    "lease_until",
    "status",
    "status_since",
)
OF_A_STAY = (
    "person_id",
    "dwelling_id",
    "household_id",
    "tenure",
    "registered",
    "is_home",
    "from_date",
    "to_date",
)
# Sizes and birth dates are counted anew.
OF_A_HOUSEHOLD = ("dwelling_id", "head_id", "awaits_head", "ended_on")
OF_A_STAMP = ("source", "confirmed_on", "confirmed_by_id")
# The path follows the home; sealed columns have an index or a stamp that tells when they change.
NOT_COMPARED = ("id", "scope_path", "changed_at")
COMPARED = [
    str(column.attname)
    for column in Person._meta.concrete_fields
    if column.attname not in NOT_COMPARED and not isinstance(column, EncryptedText)
]


def stored(value: Any) -> Any:
    """Return a value as JSON keeps it."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def rows_of(rows: QuerySet[Any], columns: Collection[str]) -> dict[int, Row]:
    """Return columns by key, as JSON keeps them."""
    return {
        row.pop("pk"): {name: stored(value) for name, value in row.items()}
        for row in rows.order_by().values("pk", *columns)
    }


def people_rows(keys: Iterable[int], columns: Collection[str]) -> dict[int, Row]:
    """Return columns of people by key."""
    found: dict[int, Row] = {}
    for some in keys_in_batches(keys):
        found |= rows_of(Person.objects.filter(pk__in=some), columns)
    return found


def stays_of(people: Iterable[int]) -> dict[int, Row]:
    """Return every stay of these people by key."""
    found: dict[int, Row] = {}
    for some in keys_in_batches(people):
        found |= rows_of(Residence.objects.filter(person__in=some), OF_A_STAY)
    return found


def stamps_of(people: Iterable[int]) -> dict[int, dict[str, Row]]:
    """Return the stamps of these people by fact."""
    found: dict[int, dict[str, Row]] = defaultdict(dict)
    for some in keys_in_batches(people):
        rows = FactStamp.objects.filter(person__in=some).values("person_id", "field", *OF_A_STAMP)
        for row in rows:
            stamp = {name: stored(row[name]) for name in OF_A_STAMP}
            found[row["person_id"]][row["field"]] = stamp
    return found


def digest(row: Row) -> str:
    """Return a short text that differs when any column does."""
    text = json.dumps(row, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def digests(keys: Iterable[int], columns: Collection[str]) -> dict[int, str]:
    """Return the digest of each of these people over ``columns``."""
    return {key: digest(row) for key, row in people_rows(keys, columns).items()}


@dataclass
class Snapshot:
    """Everything that a change of these people and dwellings may touch."""

    people: dict[int, Row]
    stamps: dict[int, dict[str, Row]]
    stays: dict[int, Row]
    households: dict[int, Row] = field(default_factory=dict)


def snapshot(
    people: Collection[int], dwellings: Collection[int], columns: Collection[str]
) -> Snapshot:
    """Read people with ``columns``, and the households of dwellings with who lives in them."""
    taken = Snapshot({}, stamps_of(people), stays_of(people))
    for some in keys_in_batches(dwellings):
        rows = Household.objects.filter(dwelling__in=some)
        taken.households |= rows_of(rows, OF_A_HOUSEHOLD)
        members = Person.objects.filter(household__dwelling__in=some)
        taken.people |= rows_of(members, OF_A_MEMBER)
    taken.people |= people_rows(people, {*columns, *OF_A_MOVE})
    return taken


class Recording:
    """What stands before a change; ``memory`` says afterwards what the change did."""

    def __init__(
        self, people: Collection[int], dwellings: Collection[int], columns: Collection[str] = ()
    ) -> None:
        self._people, self._columns = people, columns
        homes: set[int] = set()
        for some in keys_in_batches(people):
            homes |= set(Person.objects.filter(pk__in=some).values_list("home", flat=True))
        self._dwellings = {*dwellings, *homes}
        self._before = snapshot(people, self._dwellings, columns)

    def memory(self, created: Collection[int] = ()) -> Memory:
        """Compare with what stands now; ``created`` are the people that were made."""
        before, after = self._before, snapshot(self._people, self._dwellings, self._columns)
        memory = Memory(timezone.now(), COMPARED, digests(created, COMPARED))
        memory.people = _changes(before.people, after.people)
        memory.stays = _changes(before.stays, after.stays)
        memory.stays_made = {k: row for k, row in after.stays.items() if k not in before.stays}
        memory.households = _changes(before.households, after.households)
        memory.households_made = sorted(after.households.keys() - before.households.keys())
        for person in self._people:
            was, now = before.stamps.get(person, {}), after.stamps.get(person, {})
            differing = {
                name: [was.get(name), now.get(name)]
                for name in sorted(was.keys() | now.keys())
                if was.get(name) != now.get(name)
            }
            if differing:
                memory.stamps[person] = differing
        memory.dwellings = sorted(_dwellings(memory, after))
        return memory


def _changes(before: dict[int, Row], after: dict[int, Row]) -> dict[int, Change]:
    changes: dict[int, Change] = {}
    for key, was in before.items():
        now = after.get(key, was)
        change = {name: [value, now[name]] for name, value in was.items() if value != now[name]}
        if change:
            changes[key] = change
    return changes


def _dwellings(memory: Memory, after: Snapshot) -> set[int]:
    """Return the dwellings whose people or households are others now."""
    touched = {after.households[key]["dwelling_id"] for key in memory.households}
    touched |= {after.households[key]["dwelling_id"] for key in memory.households_made}
    for change in memory.people.values():
        touched |= {key for key in change.get("home_id", ()) if key is not None}
    homes = people_rows(memory.created, ("home_id",))
    return touched | {row["home_id"] for row in homes.values()}
