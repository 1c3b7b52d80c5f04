"""A great change is heard once; a list that comes again changes nobody; very many are confirmed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from linli.capabilities.visits import actions, queries, terms
from linli.capabilities.visits.actions.loss_of_ability import Frail
from linli.capabilities.visits.jobs import hear_changes
from linli.capabilities.visits.models import CareLevelSeen, Visit
from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.people.actions import change_facts, move_home, move_out
from linli.register.people.models import Person
from linli.workbench.tasks.models import Task
from tests.people import Subdistrict, a_person, a_subdistrict, a_user, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def town() -> Subdistrict:
    return a_subdistrict()


def says(person: Person, level: str, **given: Any) -> None:
    """A list says of somebody how able they are."""
    facts = {"source": "import", "confirmed_on": today(), "by": None, **given}
    with system_scope("test"):
        fresh = Person.objects.get(pk=person.pk)
        change_facts(person=fresh, changes={"care_level": level}, **facts)


def wanted() -> int:
    with system_scope("test"):
        return int(Visit.objects.filter(change="frail").count())


def test_a_list_imported_again_with_a_new_day_sends_nobody(town: Subdistrict) -> None:
    day = today()
    frail = [
        a_person(town.home("1", door), care_level="severe", confirmed_on=day - timedelta(days=90))
        for door in ("101", "102", "201")
    ]
    assert hear_changes() == 0  # registered so: known, not changed
    for one in frail:
        says(one, "severe")
    assert hear_changes() == 0
    assert wanted() == 0
    # The negative control: one of the list was able until now.
    other = a_person(town.home("1", "202"), care_level="able", confirmed_on=day - timedelta(days=9))
    assert hear_changes() == 0
    says(other, "severe")
    assert hear_changes() == 1
    assert hear_changes() == 0


def test_worse_is_heard_better_is_forgotten_and_a_relapse_is_heard_again(
    town: Subdistrict, time_machine: Any
) -> None:
    time_machine.move_to("2026-11-16 10:00+08:00")
    old = a_person(town.home("1", "101"), care_level="able")
    says(old, "severe")
    assert hear_changes() == 1
    time_machine.move_to("2026-11-18 10:00+08:00")
    says(old, "full")
    assert hear_changes() == 1
    time_machine.move_to("2026-11-20 10:00+08:00")
    says(old, "severe")  # a little better is no great change
    assert hear_changes() == 0
    says(old, "moderate")
    assert hear_changes() == 0
    with system_scope("test"):
        assert not CareLevelSeen.objects.exists()
    time_machine.move_to("2026-11-24 10:00+08:00")
    says(old, "severe")
    assert hear_changes() == 1


def test_who_moves_is_known_at_the_new_door(town: Subdistrict) -> None:
    old = a_person(town.home("1", "101"), care_level="severe")
    hear_changes()
    there = town.home("2", "201")
    with system_scope("test"):
        move_home(person=old, dwelling=there, household=None, tenure="", on=today(), by=None)
        assert CareLevelSeen.objects.get().scope_path == there.path
    assert hear_changes() == 0


def test_what_was_confirmed_long_ago_is_no_change_of_today(town: Subdistrict) -> None:
    day = today()
    old = a_person(town.home("1", "101"), confirmed_on=day - timedelta(days=90))
    says(old, "severe", confirmed_on=day - timedelta(days=30))
    assert hear_changes() == 0


@pytest.fixture
def twelve(town: Subdistrict) -> list[Person]:
    """Two a door, all said to be frail by one list."""
    made = [
        a_person(town.home(building, door), f"住户{building}{door}{n}")
        for building in "12"
        for door in ("101", "102", "201")
        for n in "甲乙"
    ]
    for one in made:
        says(one, "severe")
    return made


def test_very_many_at_once_wait_for_the_secretarys_word(
    town: Subdistrict, twelve: list[Person]
) -> None:
    a_user("shuji", "secretary", town.community)
    assert hear_changes() == 0
    assert hear_changes() == 0
    assert wanted() == 0
    with system_scope("test"):
        [task] = Task.objects.filter(kind=terms.MANY_FRAIL)
        assert (task.seat_role, task.place) == ("secretary", town.community)
        assert "12人" in task.title
    with working_as("secretary", town.community.path):
        with pytest.raises(Refused, match="要马上看望12人"):
            actions.settle_frail(go=True, confirmed=None, by=None)
        assert actions.settle_frail(go=True, confirmed=12, by=None) == 12
        assert not queries.frail_waiting().exists()
    assert wanted() == 12
    with system_scope("test"):
        task.refresh_from_db()
        assert task.state == "done"
    assert hear_changes() == 0


def test_a_list_that_only_caught_up_sends_nobody(town: Subdistrict, twelve: list[Person]) -> None:
    client = Client()
    client.force_login(a_user("shuji", "secretary", town.community))
    hear_changes()
    assert "12人一次被记为失能" in client.get("/visits/").content.decode()
    page = client.get("/visits/changes/").content.decode()
    assert "住户1101甲" in page
    assert client.post("/visits/changes/", {"confirmed": "3"}).status_code == 422
    with system_scope("test"):
        move_out(person=twelve[0], on=today(), by=None)
    assert "11人" in client.get("/visits/changes/not-now/").content.decode()
    assert client.post("/visits/changes/not-now/", {"sure": "1"}).status_code == 302
    assert "一次被记为失能" not in client.get("/visits/").content.decode()
    assert hear_changes() == 0
    assert wanted() == 0


def test_a_page_sends_those_whose_number_was_typed(town: Subdistrict, twelve: list[Person]) -> None:
    client = Client()
    client.force_login(a_user("shuji", "secretary", town.community))
    hear_changes()
    answer = client.post("/visits/changes/", {"confirmed": "12"}, follow=True)
    assert "12人" in answer.content.decode()
    assert wanted() == 12


def test_only_the_installation_hears_and_a_grid_worker_settles_nothing(town: Subdistrict) -> None:
    with working_as("grid_worker", town.grids[0].path):
        with pytest.raises(Refused, match="不能“记下谁刚失能”"):
            actions.hear_frail(found=Frail({}, {}, []), on=today(), by=None)
        with pytest.raises(Refused, match="不能“确认一批失能”"):
            actions.settle_frail(go=False, confirmed=None, by=None)
