"""Where each fact comes from, and what happens when two sources differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from linli.register.people.birth import fact_of, says_less
from linli.register.people.models import FactStamp, Person
from linli.register.people.normalise import DERIVED, EDITABLE, OF_ONE_TRUTH
from linli.register.people.rules import is_older_news


@dataclass(frozen=True)
class Stamp:
    """Source, day and confirmer of one fact."""

    source: str
    confirmed_on: date | None
    confirmed_by_id: int | None = None


@dataclass(frozen=True)
class KeptFact:
    """A fact that was not overwritten, because what we know was confirmed later."""

    field: str
    known_on: date | None
    offered_on: date | None


@dataclass(frozen=True)
class MergedFacts:
    """What an offer of facts did: columns that changed, facts that stayed, stamps to write."""

    changed: tuple[str, ...]
    kept: tuple[KeptFact, ...]
    stamped: tuple[str, ...]


def own_stamp(person: Person) -> Stamp:
    """Return the stamp of the record as a whole."""
    return Stamp(person.source, person.confirmed_on, person.confirmed_by_id)


def stamps_of(person: Person) -> dict[str, Stamp]:
    """Return source, day and confirmer of every fact, with exceptions over the record's own."""
    whole = own_stamp(person)
    stamps = dict.fromkeys(EDITABLE, whole)
    for row in FactStamp.objects.filter(person=person):
        stamps[row.field] = Stamp(row.source, row.confirmed_on, row.confirmed_by_id)
    return stamps


def merge(
    person: Person, prepared: Mapping[str, Any], offered: Stamp, known: Mapping[str, Stamp]
) -> MergedFacts:
    """Set what is new on ``person`` (not saved) and say what stayed; every fact stands alone."""
    changed: list[str] = []
    kept_facts: list[KeptFact] = []
    stamped: list[str] = []
    yielding = _yielding_truth(person, prepared, offered, known)
    for field in prepared:
        if field not in EDITABLE:
            continue
        here = known.get(field, own_stamp(person))
        now, value = fact_of(person, field), fact_of(prepared, field)
        if says_less(value, now) and now != value:
            continue  # a month says nothing new of a day in it
        if now == value:
            # Said again later, a fact is confirmed.
            if is_newer(offered, here):
                stamped.append(field)
        elif field in yielding or _is_older(now, here, value, offered):
            kept_facts.append(KeptFact(field, here.confirmed_on, offered.confirmed_on))
        else:
            for column in (field, *DERIVED.get(field, ())):
                setattr(person, column, prepared[column])
                changed.append(column)
            stamped.append(field)
    return MergedFacts(tuple(changed), tuple(kept_facts), tuple(stamped))


def _is_older(now: Any, here: Stamp, value: Any, offered: Stamp) -> bool:
    return is_older_news(
        known=now, known_on=here.confirmed_on, offered=value, offered_on=offered.confirmed_on
    )


def _yielding_truth(
    person: Person, prepared: Mapping[str, Any], offered: Stamp, known: Mapping[str, Stamp]
) -> tuple[str, ...]:
    """Return the facts of one truth when any of them is older news: half of it would contradict."""
    for field in OF_ONE_TRUTH:
        here, now = known.get(field, own_stamp(person)), getattr(person, field)
        if field in prepared and _is_older(now, here, prepared[field], offered):
            return OF_ONE_TRUTH
    return ()


def is_newer(offered: Stamp, known: Stamp) -> bool:
    """Was this confirmed later than what we have?"""
    return is_no_older(offered, known) and offered.confirmed_on != known.confirmed_on


def is_no_older(offered: Stamp, known: Stamp) -> bool:
    """Was this confirmed later, or on the same day? Then the last word of the day counts."""
    if offered.confirmed_on is None:
        return False
    return known.confirmed_on is None or offered.confirmed_on >= known.confirmed_on


def stamp_rows(person: Person, fields: tuple[str, ...], offered: Stamp) -> list[FactStamp]:
    """Return the stamps to store for ``fields``; without a day there is nothing to stamp."""
    if offered.confirmed_on is None:
        return []
    return [
        FactStamp(
            person=person,
            field=field,
            source=offered.source,
            confirmed_on=offered.confirmed_on,
            confirmed_by_id=offered.confirmed_by_id,
            scope_path=person.scope_path,
        )
        for field in fields
    ]


def write_stamps(person: Person, fields: tuple[str, ...], offered: Stamp) -> None:
    """Store who says so for ``fields``, in place of what was said before."""
    FactStamp.objects.filter(person=person, field__in=fields).delete()
    FactStamp.objects.bulk_create(stamp_rows(person, fields, offered))
