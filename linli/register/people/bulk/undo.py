"""Taking back what a spreadsheet did, except where somebody has changed the record since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.database.path_dependencies import take_along
from linli.core.scope import current_scope
from linli.core.time import today
from linli.register.people.bulk.memory import Memory, read_memory
from linli.register.people.bulk.settle import ROWS_AT_ONCE
from linli.register.people.household_aggregates import recount
from linli.register.people.models import FactStamp, Household, Person, Residence
from linli.register.people.terms import PersonStatus
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.register.posts.rules import MAY_IMPORT


@dataclass(frozen=True)
class Undone:
    """What was taken back, and who could not be because they were changed since."""

    removed: int
    restored: int
    left: tuple[int, ...] = ()


@action(
    "people.undo_rows",
    term=gettext_noop("撤销导入"),
    may=role_in(MAY_IMPORT),
    journal="people.rows_undone",
)
def undo_rows(*, undo: str, by: User) -> Undone:
    """Take back what ``apply_rows`` did, except where somebody has changed the record since."""
    memory = read_memory(undo)
    removed, left = _remove(memory)
    restored = _restore(memory)
    left += [key for key in memory.before if key not in restored]
    recount(households=memory.households, dwellings=memory.dwellings, on=today())
    # After the count, which makes whoever is left alone the head.
    _heads_back(memory)
    for keys in _batches(memory.formed):
        # By the new count: somebody else may have joined since.
        Household.objects.filter(pk__in=keys, size=0).delete()
    paths = current_scope().paths
    write_journal(
        "people.rows_undone",
        data={"removed": removed, "restored": len(restored), "left": len(left)},
        scope_path=paths[0] if paths else "",
        by=by,
    )
    return Undone(removed, len(restored), tuple(left))


def _batches(keys: Iterable[int]) -> Iterator[list[int]]:
    ordered = sorted(set(keys))
    for start in range(0, len(ordered), ROWS_AT_ONCE):
        yield ordered[start : start + ROWS_AT_ONCE]


def _remove(memory: Memory) -> tuple[int, list[int]]:
    removed = 0
    left: list[int] = []
    for keys in _batches(memory.created):
        rows = Person.objects.filter(pk__in=keys)
        # Read while they are still there.
        memory.dwellings |= set(rows.values_list("home_id", flat=True))
        memory.households |= set(rows.values_list("household_id", flat=True))
        same = list(rows.filter(changed_at=memory.moment).values_list("pk", flat=True))
        gone = _delete(same)
        removed += len(gone)
        left += [key for key in keys if key not in gone]
    return removed, left


def _delete(keys: list[int]) -> set[int]:
    """Delete people, one by one when something elsewhere holds on to one of them."""
    try:
        with transaction.atomic():
            Person.objects.filter(pk__in=keys).delete()
        return set(keys)
    except ProtectedError:
        if len(keys) == 1:
            return set()
        # Halved, as mostly few of many are held: each costs some statements, the others none.
        half = len(keys) // 2
        return _delete(keys[:half]) | _delete(keys[half:])


def _restore(memory: Memory) -> set[int]:
    restored: set[int] = set()
    for keys in _batches(memory.before):
        rows = Person.objects.filter(pk__in=keys, changed_at=memory.moment)
        for person in rows:
            memory.households.add(person.household_id)
            memory.dwellings.add(person.home_id)
            before = memory.before[person.pk]
            if person.pk in memory.stays:
                _move_back(person, memory.stays[person.pk])
            for column, value in before.items():
                setattr(person, column, value)
            person.save()
            memory.households.add(person.household_id)
            memory.dwellings.add(person.home_id)
            _stamps_back(person, memory.stamps[person.pk], list(before))
            restored.add(person.pk)
    return restored


def _move_back(person: Person, stay: int | None) -> None:
    Residence.objects.filter(person=person, is_home=True, to_date__isnull=True).delete()
    Residence.objects.filter(pk=stay).update(to_date=None)
    # The household may have ended when its last member left: it lives again.
    Household.objects.filter(pk=person.household_id).update(head=None)


def _heads_back(memory: Memory) -> None:
    """Let whoever moved back head the household again; relations follow the head."""
    for key, before in memory.heads.items():
        here = Person.objects.filter(household_id=key, status=PersonStatus.CURRENT)
        if before["head"] is None or not here.filter(pk=before["head"]).exists():
            continue
        Household.objects.filter(pk=key).update(head=before["head"])
        for pk, relation in before["relations"].items():
            here.filter(pk=int(pk)).exclude(relation_to_head=relation).update(
                relation_to_head=relation
            )


def _stamps_back(person: Person, stamps: list[dict[str, Any]], fields: list[str]) -> None:
    FactStamp.objects.filter(person=person, field__in=fields).delete()
    known = set(FactStamp.objects.filter(person=person).values_list("field", flat=True))
    take_along(person)
    FactStamp.objects.bulk_create(
        FactStamp(
            person=person,
            field=stamp["field"],
            source=stamp["source"],
            confirmed_on=date.fromisoformat(stamp["confirmed_on"]),
            confirmed_by_id=stamp["confirmed_by_id"],
            scope_path=person.scope_path,
        )
        for stamp in stamps
        if stamp["field"] not in known
    )
