"""Who counts as living here: 人户一致, 户在人不在, 人在户不在, 空挂户 (decision 0029)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from linli.capabilities.place_pages.queries.counts import counts_of
from linli.capabilities.visits import actions as visit_actions
from linli.capabilities.visits.actions.plans import save_plan, switch_plan
from linli.capabilities.visits.jobs import plan_at
from linli.capabilities.visits.models import CarePlan, Visit
from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.people.actions import change_facts, form_household, move_home
from linli.register.people.bulk import (
    ChangedRow,
    NewHousehold,
    apply_rows,
    settle_in_bulk,
    undo_rows,
)
from linli.register.people.models import Household, Person
from linli.register.people.normalise import prepare
from linli.register.people.queries import people_found
from linli.register.places.models import Dwelling
from linli.workbench.conditions import queries as conditions
from tests.people import Subdistrict, a_person, a_subdistrict, a_user, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def town() -> Subdistrict:
    return a_subdistrict()


def a_couple(town: Subdistrict, residence: str = "hukou_only") -> tuple[Person, Person]:
    """She lives here; he is registered here and lives with a son elsewhere."""
    home = town.home("1", "201")
    she = a_person(home, "虞阿香", aged=86, registered=True)
    he = a_person(home, "钱阿宝", aged=88, household=she.household, relation_to_head="1")
    say(he, residence_status=residence)
    with system_scope("test"):
        for person in (she, he):
            person.refresh_from_db()
    return she, he


def say(person: Person, on: date | None = None, source: str = "visit", **changes: Any) -> Any:
    with system_scope("test"):
        return change_facts(
            person=person, changes=changes, source=source, confirmed_on=on or today(), by=None
        )


def named(sentence: str) -> set[str]:
    """The people that a sentence means, asked within the community."""
    keys = conditions.ids(conditions.understood("person", sentence))
    return set(Person.objects.filter(pk__in=keys).values_list("name", flat=True))


@pytest.mark.parametrize("residence", ["hukou_only", "empty_hukou"])
def test_whose_husband_is_only_registered_here_lives_alone(
    town: Subdistrict, residence: str
) -> None:
    she, _he = a_couple(town, residence)
    with working_as("community_worker"):
        household = Household.objects.get(pk=she.household_id)
        assert household.size == 1
        assert household.oldest_birth_date == household.youngest_birth_date == she.birth_date
        assert counts_of(town.building("1")).people == 1
        assert named("1幢的人") == {"虞阿香"}
        assert named("独居老人") == {"虞阿香"}
        assert named("空巢老人") == {"虞阿香"}


def test_the_registered_are_found_and_counted_wherever_they_live(town: Subdistrict) -> None:
    a_couple(town)
    with working_as("community_worker"):
        assert named("户籍人口") == {"虞阿香", "钱阿宝"}
        assert named("户在人不在") == {"钱阿宝"}
        assert named("人户分离") == {"钱阿宝"}
        assert named("独居的户籍人口") == {"虞阿香"}
        assert [one.name for one in people_found("钱阿宝")] == ["钱阿宝"]


def test_who_lives_here_without_being_registered_counts(town: Subdistrict) -> None:
    _she, he = a_couple(town, "living_only")
    with working_as("community_worker"):
        assert he.registered is False
        assert counts_of(town.building("1")).people == 2
        assert named("户籍人口") == {"虞阿香"}
        assert named("独居老人") == set()
        assert named("空巢老人") == {"虞阿香", "钱阿宝"}


def test_a_household_that_is_only_registered_goes_on_without_residents(town: Subdistrict) -> None:
    he = a_person(town.home("1", "301"), "周根法", aged=70)
    say(he, residence_status="empty_hukou")
    with system_scope("test"):
        household = Household.objects.get(pk=he.household_id)
        assert (household.size, household.ended_on) == (0, None)
        assert household.oldest_birth_date is None
        assert Dwelling.objects.get(place=he.home).resident_count == 0
    say(he, residence_status="together")
    with system_scope("test"):
        household.refresh_from_db()
        assert household.size == 1
        assert Dwelling.objects.get(place=he.home).resident_count == 1


def test_settling_in_bulk_counts_the_same(town: Subdistrict) -> None:
    home = town.home("1", "101")
    people = [{"name": "陈大"}, {"name": "陈二", "residence_status": "hukou_only"}]
    with system_scope("test"):
        settle_in_bulk(
            households=[NewHousehold(home, people)], source="import", confirmed_on=None, by=None
        )
        assert Household.objects.get(dwelling=home).size == 1
        assert Dwelling.objects.get(place=home).resident_count == 1


def test_nobody_is_visited_where_they_do_not_live(town: Subdistrict, time_machine: Any) -> None:
    time_machine.move_to("2026-11-23 10:00+08:00")
    a_user("lin", "grid_worker", town.grids[0])
    _she, he = a_couple(town)
    with system_scope("test"):
        for sentence in ("80岁以上老人", "80岁以上户籍人口"):
            condition = conditions.condition_json(conditions.understood("person", sentence))
            plan = CarePlan(place=town.community)
            given = {"name": sentence, "every": 7, "condition": condition}
            made = save_plan(plan=plan, given=given, by=None)
            switch_plan(plan=made, on=True, people=1, of=10, confirmed=None, by=None)
        plan_at(today())
        assert [one.person.name for one in Visit.objects.all()] == ["虞阿香"]
        with pytest.raises(Refused, match="户在人不在"):
            visit_actions.visit_at_once(person=he, why="好几天没见到", by=None)


def test_a_visit_stops_when_somebody_turns_out_to_live_elsewhere(
    town: Subdistrict, time_machine: Any
) -> None:
    time_machine.move_to("2026-11-23 10:00+08:00")
    a_user("lin", "grid_worker", town.grids[0])
    old = a_person(town.home("1", "301"), "虞阿香", aged=86)
    with system_scope("test"):
        visit = visit_actions.visit_at_once(person=old, why="好几天没见到", by=None)
        say(old, residence_status="hukou_only")
        plan_at(today())
        visit.refresh_from_db()
        assert visit.state == "stopped"


@pytest.mark.parametrize(
    ("status", "registered"),
    [("together", True), ("hukou_only", True), ("empty_hukou", True), ("living_only", False)],
)
def test_one_fact_says_the_other_and_a_contradiction_is_refused(
    status: str, registered: bool
) -> None:
    assert prepare({"residence_status": status})["registered"] is registered
    prepared = prepare({"residence_status": status, "registered": registered})
    assert prepared["registered"] is registered
    with pytest.raises(Refused, match="人户状态是") as refused:
        prepare({"residence_status": status, "registered": not registered})
    assert refused.value.field == "residence_status"


def test_what_contradicts_later_clears_what_was_said(town: Subdistrict) -> None:
    _she, he = a_couple(town)
    say(he, registered=True)
    assert he.residence_status == "hukou_only"
    say(he, registered=False)
    assert (he.registered, he.residence_status) == (False, "")
    with system_scope("test"):
        assert Household.objects.get(pk=he.household_id).size == 2


def test_older_news_changes_neither_half(town: Subdistrict) -> None:
    he = a_person(town.home("1", "301"), "周根法", aged=70)
    say(he, registered=True)
    merged = say(he, today() - timedelta(days=20), "department", residence_status="living_only")
    assert (he.registered, he.residence_status) == (True, "")
    assert {kept.field for kept in merged.kept} == {"registered", "residence_status"}


def test_who_moves_in_lives_there(town: Subdistrict) -> None:
    _she, he = a_couple(town)
    with system_scope("test"):
        move_home(person=he, dwelling=town.home("2", "101"), on=today(), by=None)
        he.refresh_from_db()
        assert he.residence_status == ""
        assert Dwelling.objects.get(place=he.home).resident_count == 1


def test_a_sheet_that_says_so_is_counted_and_taken_back(town: Subdistrict) -> None:
    she = a_person(town.home("1", "201"), "虞阿香", aged=86)
    with system_scope("test"):
        user = a_user("chen", "community_worker", town.community)
        row = ChangedRow(2, she.pk, {"residence_status": "hukou_only"})
        done = apply_rows(new=[], changed=[row], source="import", confirmed_on=today(), by=user)
        she.refresh_from_db()
        assert (she.residence_status, she.registered) == ("hukou_only", True)
        assert Dwelling.objects.get(place=she.home).resident_count == 0
        undo_rows(undo=done.undo, by=user)
        she.refresh_from_db()
        assert (she.residence_status, she.registered) == ("", None)
        assert Dwelling.objects.get(place=she.home).resident_count == 1
        assert Household.objects.get(pk=she.household_id).size == 1


def test_a_new_household_of_one_who_lives_elsewhere_can_be_formed(town: Subdistrict) -> None:
    she, he = a_couple(town)
    with system_scope("test"):
        made = form_household(dwelling=he.home, people=[he], head=he, by=None)
        assert (made.size, made.head_id, made.ended_on) == (0, he.pk, None)
        assert Household.objects.get(pk=she.household_id).size == 1
