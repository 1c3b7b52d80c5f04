"""Settling whole households, tens of thousands of people in a minute."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.batches import in_batches
from linli.core.scope import current_scope
from linli.core.time import today
from linli.register.people.household_aggregates import recount, set_counts, store_heads
from linli.register.people.models import Household, Person, Residence
from linli.register.people.normalise import prepare
from linli.register.people.terms import Relation
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.register.posts.rules import MAY_IMPORT

HOUSEHOLDS_AT_ONCE = 1000
ROWS_AT_ONCE = 500

Facts = Mapping[str, Any]  # columns of Person by name, as facts.prepare() takes them


@dataclass(frozen=True)
class NewHousehold:
    """A household to settle: everybody in it, the head first unless ``relation_to_head`` says so.

    ``people`` give columns of Person (name, sex, birth_date, identity_number, phone, tenure,
    registered, relation_to_head, lives_since, source, confirmed_on, …); home, household, pinyin,
    search text and indexes are made here.
    """

    dwelling: Place
    people: Sequence[Facts]
    number: str = ""
    low_income: bool | None = None


@dataclass(frozen=True)
class SettledCount:
    """How many were settled."""

    households: int
    people: int


@action(
    "people.settle_in_bulk",
    term=gettext_noop("批量登记住户"),
    may=role_in(MAY_IMPORT),
    journal="people.settled_in_bulk",
)
def settle_in_bulk(
    *, households: Iterable[NewHousehold], source: str, confirmed_on: date | None, by: User | None
) -> SettledCount:
    """Register whole households in dwellings, a thousand at a time."""
    stamp = {"source": source, "confirmed_on": confirmed_on, "confirmed_by_id": by and by.pk}
    settled_households = settled_people = 0
    for batch in in_batches(households, HOUSEHOLDS_AT_ONCE):
        settled_households += len(batch)
        settled_people += _settle(batch, stamp)
    paths = current_scope().paths
    write_journal(
        "people.settled_in_bulk",
        data={"households": settled_households, "people": settled_people},
        scope_path=paths[0] if paths else "",
        by=by,
    )
    return SettledCount(settled_households, settled_people)


def _settle(batch: Sequence[NewHousehold], stamp: Facts) -> int:
    households: list[Household] = []
    people: list[Person] = []
    for new_household in batch:
        household = _household(new_household, stamp)
        members = [
            new_person(new_household.dwelling, household, facts, stamp)
            for facts in new_household.people
        ]
        set_counts(household, members)
        households.append(household)
        people += members
        _name_head(members)
    Household.objects.bulk_create(households, batch_size=ROWS_AT_ONCE)
    Person.objects.bulk_create(people, batch_size=ROWS_AT_ONCE)
    Residence.objects.bulk_create([first_stay(p) for p in people], batch_size=ROWS_AT_ONCE)
    # Last, because a household and its head point at each other.
    store_heads([household.pk for household in households])
    recount(
        households=[], dwellings=[new_household.dwelling.pk for new_household in batch], on=today()
    )
    return len(people)


def _name_head(members: Sequence[Person]) -> None:
    if members and not any(p.relation_to_head == Relation.HEAD for p in members):
        members[0].relation_to_head = Relation.HEAD


def _household(new: NewHousehold, stamp: Facts) -> Household:
    return Household(
        dwelling=new.dwelling,
        number=new.number,
        low_income=new.low_income,
        source=stamp["source"],
        confirmed_on=stamp["confirmed_on"],
        scope_path=new.dwelling.path,
    )


def new_person(dwelling: Place, household: Household, facts: Facts, stamp: Facts) -> Person:
    """Return a person to store, with everything that is made from what was given."""
    return Person(
        **{**stamp, **prepare({"name": "", **facts})},
        home=dwelling,
        household=household,
        scope_path=dwelling.path,
    )


def first_stay(person: Person) -> Residence:
    """Return the stay that begins somebody's record."""
    return Residence(
        person=person,
        dwelling_id=person.home_id,
        household_id=person.household_id,
        tenure=person.tenure,
        registered=person.registered,
        is_home=True,
        from_date=person.lives_since,
        scope_path=person.scope_path,
    )
