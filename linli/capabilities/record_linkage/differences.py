"""What a row says otherwise than the register, fact by fact, with source and day of both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from linli.capabilities.record_linkage.rules import first_choice
from linli.core.batches import in_batches
from linli.core.errors import Refused
from linli.register.people.birth import fact_of, says_less
from linli.register.people.models import FactStamp, Person
from linli.register.people.normalise import EDITABLE, prepare
from linli.register.people.provenance import Stamp, own_stamp
from linli.register.people.rules import is_older_news
from linli.workbench.imports.plan import person_facts

HOME = "address"
# An identity number brings these along: they are said with it and not chosen apart.
WITH_A_NUMBER = ("birth_date", "sex", "identity_kind")


@dataclass(frozen=True)
class FactDifference:
    """One difference: both values as JSON keeps them, and what the register's side rests on."""

    field: str
    known: Any
    offered: Any
    source: str
    on: str
    is_older: bool
    place_id: int | None = None
    along: tuple[tuple[str, Any, Any], ...] = ()

    @property
    def is_gap(self) -> bool:
        """Does the register know nothing here (and nothing else changes along)?"""
        return self.known in ("", None) and not any(known for _f, known, _o in self.along)

    @property
    def choice(self) -> str:
        """What stands chosen before anybody has chosen?"""
        return first_choice(known="" if self.is_gap else "known")

    def told(self) -> dict[str, Any]:
        """Return what is kept of it, to be sealed."""
        return {
            "known": self.known,
            "offered": self.offered,
            "source": self.source,
            "on": self.on,
            "place_id": self.place_id,
            "along": [list(one) for one in self.along],
        }


def json_value(value: Any) -> Any:
    """Return a value as JSON keeps it."""
    return value.isoformat() if isinstance(value, date) else value


def differences(
    rows: Iterable[tuple[int, int, Mapping[str, Any]]], confirmed_on: date
) -> dict[int, list[FactDifference]]:
    """Return by row number what (row, person, told) say otherwise."""
    by_row: dict[int, list[FactDifference]] = {}
    for batch in in_batches(list(rows)):
        keys = [pk for _row, pk, _told in batch]
        people = Person.objects.select_related("home").in_bulk(keys)
        stamps = _stamps(keys)
        for number, pk, told in batch:
            if pk in people:
                by_row[number] = _of_one(people[pk], told, stamps[pk], confirmed_on)
    return by_row


def _stamps(keys: Sequence[int]) -> dict[int, dict[str, Stamp]]:
    stamps: dict[int, dict[str, Stamp]] = defaultdict(dict)
    for fact_stamp in FactStamp.objects.filter(person_id__in=keys):
        stamp = Stamp(fact_stamp.source, fact_stamp.confirmed_on, fact_stamp.confirmed_by_id)
        stamps[fact_stamp.person_id][fact_stamp.field] = stamp
    return stamps


def _of_one(
    person: Person, told: Mapping[str, Any], stamps: Mapping[str, Stamp], confirmed_on: date
) -> list[FactDifference]:
    whole = own_stamp(person)
    offered = _offered(told)
    named = set(told["facts"])
    differing = []
    for name in offered:
        known, value = fact_of(person, name), fact_of(offered, name)
        # An empty cell of the list says nothing: it takes nothing away.
        same = known == value or value in ("", None) or says_less(value, known)
        if name not in EDITABLE or name not in named or same:
            continue
        along = _along(person, offered, name)
        stamp = stamps.get(name, whole)
        older = is_older_news(
            known=known, known_on=stamp.confirmed_on, offered=value, offered_on=confirmed_on
        )
        differing.append(
            FactDifference(
                name,
                json_value(known),
                json_value(value),
                stamp.source,
                json_value(stamp.confirmed_on) or "",
                older,
                along=along,
            )
        )
    # Chosen apart they could contradict the number, which holds them.
    if any(one.field == "identity_number" for one in differing):
        differing = [one for one in differing if one.field not in WITH_A_NUMBER]
    if told["place_id"] and told["place_id"] != person.home_id:
        differing.append(_home(person, told, whole, confirmed_on))
    return differing


def _offered(told: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return prepare(person_facts(dict(told)))
    except Refused:
        return {}


def _along(
    person: Person, offered: Mapping[str, Any], name: str
) -> tuple[tuple[str, Any, Any], ...]:
    if name != "identity_number":
        return ()
    return tuple(
        (one, json_value(fact_of(person, one)), json_value(fact_of(offered, one)))
        for one in WITH_A_NUMBER
        if one in offered and fact_of(person, one) != fact_of(offered, one)
    )


def _home(
    person: Person, told: Mapping[str, Any], stamp: Stamp, confirmed_on: date
) -> FactDifference:
    older = is_older_news(
        known=person.home_id,
        known_on=stamp.confirmed_on,
        offered=told["place_id"],
        offered_on=confirmed_on,
    )
    address = person.home.address if person.home else ""
    on = json_value(stamp.confirmed_on) or ""
    return FactDifference(HOME, address, told["place"], stamp.source, on, older, told["place_id"])
