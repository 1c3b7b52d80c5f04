"""A death or a move out that was recorded by mistake is taken back, with all that hung on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from linli.core.errors import Refused
from linli.register.people.actions import (
    departure_obstacles,
    departure_of,
    move_in,
    move_out,
    record_death,
    register_person,
    set_head,
    undo_departure,
)
from linli.register.people.models import Departure, Household, Person
from linli.register.places.models import Place
from linli.workbench.journal.models import JournalEntry
from tests.imports.register_rows import register_rows
from tests.residents.world import (
    Neighbourhood,
    an_identity_number,
    by_the_system,
    someone,
    working_as,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
AUTUMN = date(2026, 10, 1)


def a_family(here: Neighbourhood, *names: str) -> list[Person]:
    people = [someone(here.homes[0], name=names[0], lives_since=date(2019, 5, 1))]
    for name in names[1:]:
        people.append(
            register_person(
                dwelling=here.homes[0],
                household=Household.objects.get(),
                facts={"name": name, "relation_to_head": "1"},
                source="visit",
                confirmed_on=date(2026, 5, 1),
                by=None,
            )
        )
    return [Person.objects.get(pk=one.pk) for one in people]


@pytest.mark.parametrize("names", [("邬根发",), ("邬根发", "虞阿香"), ("邬根发", "虞阿香", "邬小")])
@pytest.mark.parametrize("leave", [record_death, move_out])
def test_all_is_as_before(here: Neighbourhood, names: tuple[str, ...], leave: Any) -> None:
    with working_as("community_worker"):
        head = a_family(here, *names)[0]
        before = register_rows()
        leave(person=head, on=AUTUMN, by=None)
        assert register_rows() != before
        undo_departure(person=head, by=None)
        assert register_rows() == before
        assert JournalEntry.objects.order_by("-seq")[0].kind == "person.departure_undone"
        assert not Departure.objects.exists()
        with pytest.raises(Refused, match="没有可以撤销"):
            undo_departure(person=head, by=None)


def test_a_head_that_was_named_since_stays(here: Neighbourhood) -> None:
    with working_as("community_worker"):
        head, wife, _child = a_family(here, "邬根发", "虞阿香", "邬小")
        record_death(person=head, on=AUTUMN, by=None)
        household = Household.objects.get()
        set_head(household=household, head=wife, by=None)
        undo_departure(person=head, by=None)
        head.refresh_from_db()
        household.refresh_from_db()
        assert (household.size, household.head_id) == (3, wife.pk)
        assert (head.household_id, head.relation_to_head) == (household.pk, "")


def test_a_home_that_went_to_others_is_no_obstacle(here: Neighbourhood) -> None:
    with working_as("community_worker"):
        head = a_family(here, "邬根发")[0]
        record_death(person=head, on=AUTUMN, by=None)
        someone(here.homes[0], name="新住户")
        undo_departure(person=head, by=None)
        assert Household.objects.filter(ended_on__isnull=True, size=1).count() == 2


def _comes_back(person: Person, here: Neighbourhood) -> None:
    move_in(person=person, dwelling=here.homes[1], on=date(2026, 11, 1), by=None)


def _same_number(person: Person, here: Neighbourhood) -> None:
    someone(here.homes[2], name="同号", identity_number=person.identity_number)


def _home_ends(person: Person, here: Neighbourhood) -> None:
    with by_the_system():
        Place.objects.filter(pk=person.home_id).update(ended_on=AUTUMN)


@pytest.mark.parametrize(
    ("later", "words"),
    [
        (_comes_back, "没有可以撤销"),
        (_same_number, "已登记在另一位"),
        (_home_ends, "已撤销，不能入住"),
    ],
)
def test_what_came_later_is_said(
    here: Neighbourhood, later: Callable[[Person, Neighbourhood], None], words: str
) -> None:
    number = an_identity_number(date(1934, 3, 8))
    with working_as("community_worker"):
        person = someone(here.homes[0], identity_number=number)
        move_out(person=person, on=AUTUMN, by=None)
        later(person, here)
        person.refresh_from_db()
        before = register_rows()
        with pytest.raises(Refused, match=words):
            undo_departure(person=person, by=None)
        assert register_rows() == before


def test_a_stay_corrected_since_stands_in_the_way(here: Neighbourhood) -> None:
    with working_as("community_worker"):
        first, second = a_family(here, "邬根发", "虞阿香")
        record_death(person=first, on=AUTUMN, by=None)
        # Left alone, she became the head; then she died too.
        record_death(person=second, on=date(2026, 10, 5), by=None)
        departure = departure_of(Person.objects.get(pk=first.pk))
        assert departure is not None
        household = Household.objects.get().pk
        assert [one.household for one in departure_obstacles(departure)] == [household]
        with pytest.raises(Refused, match="不能撤销"):
            undo_departure(person=first, by=None)
        undo_departure(person=second, by=None)
        undo_departure(person=first, by=None)
        assert Household.objects.get().size == 2


def test_only_those_who_keep_the_register_undo_it(here: Neighbourhood) -> None:
    with working_as("community_worker"):
        person = someone(here.homes[0])
        record_death(person=person, on=AUTUMN, by=None)
    with working_as("property_manager"), pytest.raises(Refused, match="您的岗位不能"):
        undo_departure(person=person, by=None)
