"""A4: each duty of a facility alerts by itself, in its own cycle; corrections are followed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from linli.capabilities.alerts.library import shipped
from linli.capabilities.alerts.models import Alert, AlertRule
from linli.capabilities.alerts.queries import trial
from linli.capabilities.alerts.runner import run_rules
from linli.capabilities.alerts.tests.builders import a_lift, a_rule, a_watched_town
from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.facilities.actions import (
    Cycle,
    FacilityRow,
    NewFacility,
    add_facilities,
    edit_facility,
    end_duty,
    finish_duty,
    set_duty,
    take_list,
)
from linli.register.facilities.models import Duty, Facility
from linli.workbench.tasks.models import Task
from tests.people import Subdistrict, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
CYCLES = {"周检": Cycle(days=7), "半月维保": Cycle(days=15), "半年检": Cycle(months=6)}


@pytest.fixture
def town(time_machine: Any) -> Subdistrict:
    time_machine.move_to("2027-01-01 03:00+08:00")
    return a_watched_town()


def a_duty(lift: Facility, name: str, due: date, cycle: Cycle, kind: str = "check") -> Duty:
    with system_scope("test"):
        return set_duty(facility=lift, kind=kind, name=name, cycle=cycle, due_on=due, by=None)


def taken(town: Subdistrict, key: str) -> AlertRule:
    one = shipped(key)
    assert one is not None
    return a_rule(town.community, **{"lead": 0, "duty": ""} | one.facts())


def live() -> list[str]:
    with system_scope("test"):
        rows = Alert.objects.filter(state__in=("open", "heard")).order_by("name")
        return [f"{alert.name} {alert.day}" for alert in rows]


@pytest.mark.postgres(by_night=True)
@pytest.mark.parametrize(
    "name",
    [
        cycle if cycle == "周检" else pytest.param(cycle, marks=pytest.mark.nightly)
        for cycle in CYCLES
    ],
)
def test_what_comes_back_soon_alerts_every_time(
    town: Subdistrict, time_machine: Any, name: str
) -> None:
    """The shipped rule of lifts watches a yearly day; what is half-yearly came twice a year."""
    lift = a_lift(town.building("1"), None)
    first = date(2027, 1, 10)
    duty = a_duty(lift, name, first, CYCLES[name])
    a_rule(town.community, duty="check", lead=30)
    heard = []
    for night in range(190):
        on = date(2027, 1, 1) + timedelta(days=night)
        time_machine.move_to(f"{on} 03:00+08:00")
        run_rules(on=on)
        with system_scope("test"):
            duty.refresh_from_db()
            if duty.due_on == on:
                heard.append(Alert.objects.get(day=on).opened_on)
                finish_duty(duty=duty, done_on=on, by=None)
    run_rules()
    with system_scope("test"):
        expected = len(heard) + len(live())
        assert Alert.objects.count() == Task.objects.count() == expected
    assert len(heard) >= {"周检": 25, "半月维保": 12, "半年检": 1}[name]
    if name == "半年检":
        assert live() == ["1幢电梯半年检 2027-07-10"]


def test_one_overdue_check_hides_no_other_duty_and_lifts_are_checked_too(town: Subdistrict) -> None:
    lift = a_lift(town.building("1"), date(2027, 1, 20))
    a_duty(lift, "月检", date(2026, 11, 1), Cycle(months=1))
    a_duty(lift, "周检", date(2027, 1, 3), Cycle(days=7))
    a_duty(lift, "半月维保", date(2027, 1, 2), Cycle(days=15), "maintenance")
    for key in ("lift-inspection", "duty-due", "maintenance-due", "inspection-due"):
        taken(town, key)
    run_rules()
    assert live() == [
        "1幢电梯半月维保 2027-01-02",
        "1幢电梯周检 2027-01-03",
        "1幢电梯年检 2027-01-20",
        "1幢电梯月检 2026-11-01",
    ]
    assert run_rules(whole=True).raised == 0
    with system_scope("test"):
        end_duty(duty=Duty.objects.get(name="月检"), by=None)
    # Ended with the duty and not five minutes later: nothing is left to clear.
    assert "1幢电梯月检 2026-11-01" not in live()
    assert run_rules(whole=True).cleared == 0


def test_a_day_of_inspection_without_a_cycle_alerts_and_goes_on_with_its_duty(
    town: Subdistrict,
) -> None:
    with system_scope("test"):
        # A kind for which no law gives a cycle.
        new = NewFacility(
            town.building("1"), "升降台", "2号台", next_inspection_on=date(2027, 1, 20)
        )
        lift = add_facilities(facilities=[new], by=None)[0]
    a_rule(town.community, condition={})
    assert run_rules().raised == 1
    assert run_rules(whole=True).raised == 0
    a_duty(lift, "年检", date(2027, 1, 22), Cycle(months=12), "inspection")
    assert (run_rules().raised, live()) == (0, ["2号台 2027-01-22"])
    with system_scope("test"):
        finish_duty(duty=Duty.objects.get(), done_on=date(2027, 1, 1), by=None)
    assert live() == []
    assert (run_rules(whole=True).cleared, live()) == (0, [])


@pytest.mark.parametrize("way", ["added", "dated later", "from a list"])
def test_a_lift_with_a_date_alone_alerts_every_year(town: Subdistrict, way: str) -> None:
    """The law gives its kind a cycle: what was done sets the next date, and that one alerts."""
    day, place = date(2027, 1, 20), town.building("1")
    new = NewFacility(place, "电梯", "3号梯", next_inspection_on=None if "later" in way else day)
    with system_scope("test"):
        if way == "from a list":
            take_list(listed=[FacilityRow(1, new)], within=town.community, by=None)
        else:
            lift = add_facilities(facilities=[new], by=None)[0]
        if way == "dated later":
            edit_facility(facility=lift, changes={"next_inspection_on": day}, by=None)
        lift = Facility.objects.get()
    a_rule(town.community)
    assert run_rules(on=date(2027, 1, 1)).raised == 1
    for year in (2028, 2029, 2030):
        with system_scope("test"):
            finish_duty(duty=Duty.objects.get(), done_on=date(2027, 1, 1), by=None)
            lift.refresh_from_db()
            assert lift.next_inspection_on == lift.next_duty_on == date(year, 1, 20)
        assert run_rules(on=date(year - 1, 12, 15)).raised == 0
        assert run_rules(on=date(year - 1, 12, 25)).raised == 1


def test_a_cycle_written_by_hand_takes_the_place_of_the_law_s(town: Subdistrict) -> None:
    new = NewFacility(town.building("1"), "电梯", "4号梯", next_inspection_on=date(2027, 1, 20))
    with system_scope("test"):
        lift = add_facilities(facilities=[new], by=None)[0]
        a_duty(lift, "年检", date(2027, 1, 22), Cycle(months=12), "inspection")
        a_duty(lift, "限速器校验", date(2027, 5, 1), Cycle(months=24), "inspection")
        assert [str(one) for one in Duty.objects.all()] == ["年检", "限速器校验"]


def test_corrected_back_to_the_first_day_there_is_one_alert(town: Subdistrict) -> None:
    lift = a_lift(town.building("1"), date(2027, 1, 20))
    a_rule(town.community)
    for day in (date(2027, 1, 20), date(2027, 3, 20), date(2027, 1, 25), date(2027, 1, 20)):
        with system_scope("test"):
            edit_facility(facility=lift, changes={"next_inspection_on": day}, by=None)
        run_rules()
    assert live() == ["1幢电梯年检 2027-01-20"]
    with system_scope("test"):
        assert Task.objects.filter(state="open").count() == 1


def test_a_wrong_year_corrected_alerts_again(town: Subdistrict) -> None:
    lift = a_lift(town.building("1"), date(2027, 1, 20))
    a_rule(town.community)
    for day in (date(2027, 1, 20), date(2028, 1, 20), date(2027, 1, 21)):
        with system_scope("test"):
            edit_facility(facility=lift, changes={"next_inspection_on": day}, by=None)
        run_rules()
    assert live() == ["1幢电梯年检 2027-01-21"]


def test_a_trial_answers_for_the_place_of_its_rule_whoever_looks(town: Subdistrict) -> None:
    """Lifts of the other community count in no trial of this one's rule."""
    other = town.building("9")
    for place, number in ((town.building("1"), 2), (other, 3)):
        for n in range(number):
            a_lift(place, date(2027, 1, 10 + n), f"{place.name}{n}号梯")
    here = a_rule(town.community)
    year = {"since": date(2026, 1, 1), "until": date(2026, 12, 31), "today": today()}

    def tried(role: str, path: str) -> tuple[int, int, int]:
        with working_as(role, path):
            found = trial(here, **year)
            return found.total, found.now, found.of

    assert tried("secretary", town.community.path) == (2, 2, 2)
    assert tried("officer", town.town.path) == (2, 2, 2)
    with system_scope("test"):
        assert run_rules().raised == 2
    above = a_rule(town.town, name="街道的")
    with working_as("secretary", town.community.path), pytest.raises(Refused, match="按那里算"):
        trial(above, **year)


def test_a_trial_counts_each_duty_by_its_own_cycle(town: Subdistrict) -> None:
    lift = a_lift(town.building("1"), date(2027, 1, 20))
    a_duty(lift, "周检", date(2027, 1, 3), Cycle(days=7))
    a_duty(lift, "月检", date(2027, 1, 5), Cycle(months=1))
    rule = a_rule(town.community, duty="")
    with system_scope("test"):
        tried = trial(rule, since=date(2026, 1, 1), until=date(2026, 12, 31), today=today())
    assert tried.total == 1 + 12 + 53
    assert tried.most_at_one == tried.total
