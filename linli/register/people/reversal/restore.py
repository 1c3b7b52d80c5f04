"""Putting back what was there before a change."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.utils import timezone

from linli.core.batches import AT_ONCE, keys_in_batches
from linli.core.database.path_dependencies import take_along
from linli.core.time import today
from linli.register.people.household_aggregates import recount
from linli.register.people.models import FactStamp, Household, Person, Residence
from linli.register.people.reversal.memory import Change, Memory
from linli.register.people.reversal.snapshot import OF_A_MEMBER


def restore(memory: Memory) -> None:
    """Put back what was there; the caller has seen that nothing stands in the way."""
    households = {
        *memory.households,
        *(key for change in memory.people.values() for key in change.get("household_id", ())),
        *_households_of([*memory.created, *memory.people]),
    }
    for some in keys_in_batches(memory.stays_made):
        Residence.objects.filter(pk__in=some).delete()
    _people_back(memory.people)
    _rows_back(Residence, memory.stays)
    _stamps_back(memory)
    for some in keys_in_batches(memory.created):
        Person.objects.filter(pk__in=some).delete()
    for some in keys_in_batches(memory.households_made):
        Household.objects.filter(pk__in=some).delete()
    # Before the count, which makes whoever is left alone without a head the head; and after it.
    _rows_back(Household, memory.households)
    recount(households=households, dwellings=_dwellings_of(memory), on=today())
    _rows_back(Household, memory.households)
    _members_back(memory.people)


def _dwellings_of(memory: Memory) -> set[int]:
    """Return the dwellings in which others live than before."""
    dwellings = set(memory.dwellings)
    asked = [key for key, change in memory.people.items() if "residence_status" in change]
    for some in keys_in_batches(asked):
        dwellings |= set(Person.objects.filter(pk__in=some).values_list("home", flat=True))
    return dwellings


def _households_of(people: list[int]) -> set[int | None]:
    found: set[int | None] = set()
    for some in keys_in_batches(people):
        found |= set(Person.objects.filter(pk__in=some).values_list("household", flat=True))
    return found


def _value(model: Any, name: str, value: Any) -> Any:
    # The memory is JSON, so a day comes back as text.
    return value if name.endswith("_id") else model._meta.get_field(name).to_python(value)


def _people_back(changes: dict[int, Change]) -> None:
    same: dict[tuple[str, ...], list[Person]] = defaultdict(list)
    for some in keys_in_batches(changes):
        for person in Person.objects.filter(pk__in=some):
            columns = changes[person.pk]
            for name, (was, _left) in columns.items():
                setattr(person, name, _value(Person, name, was))
            if "home_id" in columns:
                # One by one: what hangs on them goes along to the path of the old home.
                person.scope_path = person.home.path
                person.save()
                take_along(person)
            else:
                person.changed_at = timezone.now()
                same[tuple(sorted(columns))].append(person)
    for names, group in same.items():
        columns_back = [name.removesuffix("_id") for name in (*names, "changed_at")]
        Person.objects.bulk_update(group, columns_back, batch_size=100)


def _rows_back(model: Any, changes: dict[int, Change]) -> None:
    same: dict[str, list[int]] = defaultdict(list)
    kept: dict[str, dict[str, Any]] = {}
    for key, change in changes.items():
        before = {name: _value(model, name, was) for name, (was, _left) in change.items()}
        name = repr(sorted(before.items()))
        same[name].append(key)
        kept[name] = before
    stamp = {"changed_at": timezone.now()} if model is Household else {}
    # Many rows go back to the same: one statement for all of them.
    for name, keys in same.items():
        for some in keys_in_batches(keys):
            model.objects.filter(pk__in=some).update(**kept[name], **stamp)


def _stamps_back(memory: Memory) -> None:
    paths: dict[int, str] = {}
    for some in keys_in_batches(memory.stamps):
        paths |= dict(Person.objects.filter(pk__in=some).values_list("pk", "scope_path"))
    fields: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for key, facts in memory.stamps.items():
        fields[tuple(facts)].append(key)
    for names, keys in fields.items():
        for some in keys_in_batches(keys):
            FactStamp.objects.filter(person__in=some, field__in=names).delete()
    FactStamp.objects.bulk_create(
        (
            FactStamp(
                person_id=key,
                field=name,
                scope_path=paths[key],
                **{**was, "confirmed_on": date.fromisoformat(was["confirmed_on"])},
            )
            for key, facts in memory.stamps.items()
            for name, (was, _left) in facts.items()
            if was is not None
        ),
        batch_size=AT_ONCE,
    )


def _members_back(changes: dict[int, Change]) -> None:
    """Let relations be what they were, where the count made somebody the head."""
    _rows_back(
        Person,
        {
            key: {"relation_to_head": change["relation_to_head"]}
            for key, change in changes.items()
            if OF_A_MEMBER[1] in change
        },
    )
