"""A4: lifts with dates and duties, reserves with a minimum, kept by those who work there."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.register.facilities import actions
from linli.register.facilities.actions import Cycle, FacilityRow, NewFacility, NewPaper
from linli.register.facilities.models import Duty, DutyDone, Facility
from linli.register.facilities.queries import duty_or_not_found, facilities, kinds
from linli.register.facilities.rules import LARGEST_PAPER
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
            facility=lift,
            kind="inspection",
            name="年检",
            cycle=YEARLY,
            due_on=date(2026, 12, 10),
            by=None,
        )
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
            facility=lift,
            kind="check",
            name="月检",
            cycle=MONTHLY,
            due_on=date(2026, 11, 20),
            by=None,
        )
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
                facility=lift,
                kind="check",
                name="月检",
                cycle=cycle,
                due_on=date(2026, 12, 1),
                by=None,
            )


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
            facility=lift,
            kind="check",
            name="月检",
            cycle=MONTHLY,
            due_on=date(2026, 11, 20),
            by=None,
        )
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
            facility=lift,
            kind="inspection",
            name="年检",
            cycle=YEARLY,
            due_on=date(2026, 12, 10),
            by=None,
        )
        changes = {"next_inspection_on": date(2026, 12, 20)}
        actions.edit_facility(facility=lift, changes=changes, by=None)
        duty.refresh_from_db()
        assert duty.due_on == date(2026, 12, 20)


def test_a_grid_worker_may_finish_but_not_set(town: Subdistrict) -> None:
    with system_scope("test"):
        lift = a_lift(town)
    with working_as("grid_worker", town.grids[0].path), pytest.raises(Refused, match="不能"):
        actions.set_duty(
            facility=lift,
            kind="check",
            name="月检",
            cycle=MONTHLY,
            due_on=date(2026, 12, 1),
            by=None,
        )


def test_set_back_and_done_again_both_stay_written_down(town: Subdistrict) -> None:
    with working_as("secretary", town.community.path):
        lift = a_lift(town)
        day = date(2026, 11, 20)
        duty = actions.set_duty(
            facility=lift, kind="inspection", name="年检", cycle=YEARLY, due_on=day, by=None
        )
        actions.finish_duty(duty=duty, done_on=day, by=None)
        lift.refresh_from_db()
        changes = {"next_inspection_on": day}
        actions.edit_facility(facility=lift, changes=changes, by=None)
        duty.refresh_from_db()
        again = actions.finish_duty(duty=duty, done_on=date(2026, 11, 23), by=None)
        assert again.due_on == date(2027, 11, 20)
        assert DutyDone.objects.filter(duty=duty, due_on=day).count() == 2


def test_with_the_last_inspection_its_day_goes_too(town: Subdistrict) -> None:
    with working_as("secretary", town.community.path):
        lift = a_lift(town, next_inspection_on=date(2026, 12, 1))
        check = actions.set_duty(
            facility=lift,
            kind="check",
            name="月检",
            cycle=MONTHLY,
            due_on=date(2026, 12, 5),
            by=None,
        )
        actions.end_duty(duty=check, by=None)
        lift.refresh_from_db()
        assert lift.next_inspection_on == date(2026, 12, 1)  # written by hand, it stays
        duties = [
            actions.set_duty(
                facility=lift, kind="inspection", name=name, cycle=YEARLY, due_on=due, by=None
            )
            for name, due in (("年检", date(2026, 12, 9)), ("限速器", date(2027, 2, 1)))
        ]
        for duty, left in zip(duties, (date(2027, 2, 1), None), strict=True):
            actions.end_duty(duty=Duty.objects.get(pk=duty.pk), by=None)
            lift.refresh_from_db()
            assert lift.next_inspection_on == left


def test_papers_move_with_their_facility_and_wrong_ones_are_refused(town: Subdistrict) -> None:
    with working_as("secretary", town.community.path):
        lift = a_lift(town)
        for paper, words in (
            (NewPaper(" "), "证件名称"),
            (NewPaper("证", link="javascript:1"), "https"),
            (NewPaper("证", valid_until=date(1900, 1, 1)), "1900"),
            (NewPaper("证", data=b"0" * (LARGEST_PAPER + 1)), "5MB"),
        ):
            with pytest.raises(Refused, match=words):
                actions.keep_paper(facility=lift, paper=paper, by=None)
        kept = actions.keep_paper(facility=lift, paper=NewPaper("合格证"), by=None)
        actions.move_facility(facility=lift, place=town.building("2"), by=None)
        kept.refresh_from_db()
        assert kept.scope_path == town.building("2").path
        actions.end_paper(paper=kept, by=None)
        assert kept.ended


def test_take_list_knows_a_long_number_wherever_it_stands(town: Subdistrict) -> None:
    with working_as("secretary", town.community.path):
        for code, expected in (("31103302012024001", 1), ("1", 2)):
            rows = [
                FacilityRow(2, NewFacility(town.building(number), f"电梯{expected}", "客梯", code))
                for number in ("1", "2")
            ]
            for row in rows:
                actions.take_list(listed=[row], within=town.community, by=None)
            assert Facility.objects.filter(kind=f"电梯{expected}").count() == expected
        with pytest.raises(Refused, match="没有要新增"):
            actions.take_list(listed=[], within=town.community, by=None)
