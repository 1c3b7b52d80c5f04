"""What rules do by themselves goes through the same doors, and nobody else opens them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from linli.capabilities.alerts import actions, runner
from linli.capabilities.alerts.models import Alert, AlertRule
from linli.capabilities.alerts.queries import RuleHit
from linli.capabilities.alerts.runner import run_rules
from linli.capabilities.alerts.tests.builders import a_lift, a_rule, a_watched_town
from linli.core.errors import NotFound, Refused
from linli.core.scope import system_scope
from linli.register.facilities.models import Facility
from linli.register.places.models import Place
from linli.workbench.tasks.models import Task
from tests.people import Subdistrict, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
ON, DAY = date(2026, 11, 23), date(2026, 12, 10)


@pytest.fixture
def town(time_machine: Any) -> Subdistrict:
    time_machine.move_to("2026-11-23 10:00+08:00")
    return a_watched_town()


def due_of(lift: Facility, day: date = DAY) -> RuleHit:
    return RuleHit("facilities.facility", lift.pk, day.isoformat(), day, lift.name, lift.scope_path)


def raised(rule: AlertRule, lift: Facility, place: Place) -> Alert:
    return actions.raise_alert(rule=rule, due=due_of(lift), place=place, on=ON, by=None)


def test_an_alert_is_raised_once_however_often_it_is_asked(town: Subdistrict) -> None:
    lift, rule, place = a_lift(town.building("1"), DAY), a_rule(town.community), town.building("1")
    with system_scope("test"):
        first, second = raised(rule, lift, place), raised(rule, lift, place)
        assert first.pk == second.pk
        assert Task.objects.count() == 1
    with working_as("secretary", town.community.path), pytest.raises(Refused, match="不能"):
        raised(rule, lift, place)


def test_clearing_takes_back_and_raising_again_gives_a_new_task(town: Subdistrict) -> None:
    lift, rule, place = a_lift(town.building("1"), DAY), a_rule(town.community), town.building("1")
    with system_scope("test"):
        one = raised(rule, lift, place)
        actions.clear_alert(alert=one, state="moved", reason="改期", on=ON, by=None)
        actions.raise_again(alert=one, due=due_of(lift), place=place, on=ON, by=None)
        assert (one.state, one.times) == ("open", 2)
        actions.raise_again(alert=one, due=due_of(lift), place=place, on=ON, by=None)
        assert one.times == 2
        states = Task.objects.order_by("pk").values_list("state", flat=True)
        assert list(states) == ["cancelled", "open"]


def test_shift_moves_the_deadline_and_tell_seat_tells_whoever_sits_there(town: Subdistrict) -> None:
    lift, rule, place = a_lift(town.building("1"), DAY), a_rule(town.community), town.building("1")
    with system_scope("test"):
        one = raised(rule, lift, place)
        actions.move_alert(alert=one, day=date(2026, 12, 12), by=None)
        assert one.task is not None
        one.task.refresh_from_db()
        assert one.task.due_on == date(2026, 12, 12)
        assert actions.tell_seat(rule=rule, task=one.task, told=[one], on=ON, by=None) == 1
        one.refresh_from_db()
        assert (one.told_on, one.told_times) == (ON, 1)


def test_switch_off_and_on_are_for_those_of_the_place(town: Subdistrict) -> None:
    rule = a_rule(town.town)
    with working_as("secretary", town.community.path), pytest.raises(NotFound):
        actions.switch_off(rule=rule, by=None)
    with working_as("subdistrict_officer", town.town.path):
        assert not actions.switch_off(rule=rule, by=None).is_on
        with pytest.raises(Refused, match="马上要吹500次"):
            actions.switch_on(rule=rule, would=500, of=600, confirmed=None, by=None)
        assert actions.switch_on(rule=rule, would=500, of=600, confirmed=500, by=None).is_on


def test_a_rule_that_looks_for_else_is_off_until_it_was_tried_again(town: Subdistrict) -> None:
    a_lift(town.building("1"), date(2027, 3, 1))
    rule = a_rule(town.community)
    run_rules()
    with system_scope("test"):
        rule.refresh_from_db()
        words = {"name": "电梯", "message": "{名称}到期", "repeat": 7}
        assert actions.save_rule(rule=rule, given=words, by=None).is_on
        assert rule.seen_on is not None
        for changes in ({"lead": 200}, {"condition": {}}, {"duty": "check"}):
            actions.switch_on(rule=rule, would=0, of=0, confirmed=None, by=None)
            assert not actions.save_rule(rule=rule, given=changes, by=None).is_on
    assert run_rules().raised == 0


def test_a_whole_look_that_was_cut_off_is_made_up_for(
    town: Subdistrict, time_machine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Sunday the second rule did not get its turn; the next run does it."""
    first, second = a_rule(town.community), a_rule(town.community)
    run_rules(weekly=True)
    looked: list[tuple[int, bool]] = []
    go = runner._RuleRun.go

    def noted(run: Any) -> None:
        looked.append((run.rule.pk, run.whole))
        if len(looked) == 2:
            raise SystemExit("the power went off")
        go(run)

    monkeypatch.setattr(runner._RuleRun, "go", noted)
    time_machine.move_to("2026-11-29 10:00+08:00")
    with pytest.raises(SystemExit):
        run_rules(weekly=True)
    time_machine.move_to("2026-11-30 10:00+08:00")
    run_rules(weekly=True)
    run_rules(weekly=True)
    assert looked[:4] == [(first.pk, True), (second.pk, True), (first.pk, False), (second.pk, True)]
    assert looked[4:] == [(first.pk, False), (second.pk, False)]
