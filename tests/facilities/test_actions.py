"""A4: lifts with dates and duties, reserves with a minimum, kept by those who work there."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.register.facilities import actions
from linli.register.facilities.actions import Cycle, NewFacility
from linli.register.facilities.models import Duty, DutyDone, Facility
from linli.register.facilities.queries import duty_or_not_found, facilities, kinds
from tests.people import Subdistrict, a_subdistrict, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
YEARLY, MONTHLY = Cycle(months=12), Cycle(months=1)


@pytest.fixture
def town(time_machine: Any) -> Subdistrict:
    time_machine.move_to("2026-11-23 10:00+08:00")
    return a_subdistrict()


def a_lift(town: Subdistrict, **given: Any) -> Facility:
    new = NewFacility(town.building("1"), "电梯", given.pop("name", "1幢电梯"), **given)
    return actions.add_facilities(facilities=[new], by=None)[0]


def test_a_yearly_inspection_comes_back_and_the_facility_shows_its_day(town: Subdistrict) -> None:
    with working_as("secretary", town.community.path):
        lift = a_lift(town)
        duty = actions.set_duty(
            facility=lift, kind="inspection", name="年检", cycle=YEARLY,
            due_on=date(2026, 12, 10), by=None,
        )  # fmt: skip
        lift.refresh_from_db()
        assert lift.next_inspection_on == lift.next_duty_on == date(2026, 12, 10)
        actions.finish_duty(duty=duty, done_on=date(2026, 11, 20), by=None, result="合格")
        lift.refresh_from_db()
        assert lift.next_inspection_on == date(2027, 12, 10)
        assert DutyDone.objects.get(duty=duty).due_on == date(2026, 12, 10)
        with pytest.raises(Refused, match="今天之后"):
            actions.finish_duty(duty=duty, done_on=date(2027, 1, 1), by=None)
        actions.end_duty(duty=duty, by=None)
        lift.refresh_from_db()
        assert lift.next_duty_on is None


def test_two_who_tap_at_once_finish_it_once(town: Subdistrict) -> None:
    with working_as("secretary", town.community.path):
        lift = a_lift(town)
        mine = actions.set_duty(
            facility=lift, kind="check", name="月检", cycle=MONTHLY, due_on=date(2026, 11, 20),
            by=None,
        )  # fmt: skip
        theirs = Duty.objects.get(pk=mine.pk)
        actions.finish_duty(duty=mine, done_on=date(2026, 11, 23), by=None)
        with pytest.raises(Refused, match="已经办结"):
            actions.finish_duty(duty=theirs, done_on=date(2026, 11, 23), by=None)
        assert DutyDone.objects.count() == 1


@pytest.mark.parametrize("cycle", [Cycle(), Cycle(months=1, days=1), Cycle(days=9999)])
def test_a_cycle_of_nothing_is_refused(town: Subdistrict, cycle: Cycle) -> None:
    with working_as("secretary", town.community.path):
        lift = a_lift(town)
        with pytest.raises(Refused, match="不能是0"):
            actions.set_duty(
                facility=lift, kind="check", name="月检", cycle=cycle, due_on=date(2026, 12, 1),
                by=None,
            )  # fmt: skip


def test_a_date_in_1900_is_refused_everywhere(town: Subdistrict) -> None:
    old = date(1900, 1, 1)
    with working_as("secretary", town.community.path):
        with pytest.raises(Refused, match="1900-01-01"):
            a_lift(town, next_inspection_on=old)
        lift = a_lift(town)
        with pytest.raises(Refused, match="1900-01-01"):
            actions.edit_facility(facility=lift, changes={"expires_on": old}, by=None)
        with pytest.raises(Refused, match="1900-01-01"):
            actions.set_duty(
                facility=lift, kind="check", name="检查", cycle=YEARLY, due_on=old, by=None
            )


def test_a_facility_moves_with_its_duties_and_is_ended_with_a_reason(town: Subdistrict) -> None:
    with working_as("secretary", town.community.path):
        lift = a_lift(town, quantity=3, minimum=5)
        assert lift.is_short
        duty = actions.set_duty(
            facility=lift, kind="check", name="月检", cycle=MONTHLY, due_on=date(2026, 11, 20),
            by=None,
        )  # fmt: skip
        actions.finish_duty(duty=duty, done_on=date(2026, 11, 21), by=None)
        actions.move_facility(facility=lift, place=town.building("2"), by=None)
        assert duty_or_not_found(lift, duty.pk).scope_path == town.building("2").path
        assert kinds() == ["电梯"]
        actions.edit_facility(facility=lift, changes={"quantity": 9}, by=None)
        assert not lift.is_short
        with pytest.raises(Refused, match="原因"):
            actions.end_facility(facility=lift, why="", by=None)
        actions.end_facility(facility=lift, why="拆除", by=None)
        assert not facilities().exists()


def test_a_corrected_inspection_day_corrects_the_duty(town: Subdistrict) -> None:
    with working_as("secretary", town.community.path):
        lift = a_lift(town)
        duty = actions.set_duty(
            facility=lift, kind="inspection", name="年检", cycle=YEARLY,
            due_on=date(2026, 12, 10), by=None,
        )  # fmt: skip
        changes = {"next_inspection_on": date(2026, 12, 20)}
        actions.edit_facility(facility=lift, changes=changes, by=None)
        duty.refresh_from_db()
        assert duty.due_on == date(2026, 12, 20)


def test_a_grid_worker_may_finish_but_not_set(town: Subdistrict) -> None:
    with system_scope("test"):
        lift = a_lift(town)
    with working_as("grid_worker", town.grids[0].path), pytest.raises(Refused, match="不能"):
        actions.set_duty(
            facility=lift, kind="check", name="月检", cycle=MONTHLY, due_on=date(2026, 12, 1),
            by=None,
        )  # fmt: skip
