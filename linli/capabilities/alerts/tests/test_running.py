"""A4: a month before a lift's inspection the secretary hears of it, once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from linli.capabilities.alerts import actions, runner
from linli.capabilities.alerts.models import Alert
from linli.capabilities.alerts.runner import run_rules
from linli.capabilities.alerts.terms import RESPOND
from linli.capabilities.alerts.tests.builders import a_lift, a_rule, a_silence_rule, a_watched_town
from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.register.facilities.actions import edit_facility, finish_duty, move_facility
from linli.register.facilities.models import Duty
from linli.register.posts.models import User
from linli.workbench.notices.models import Delivery
from linli.workbench.tasks.actions import accept_task, finish_task
from linli.workbench.tasks.models import Task
from tests.people import Subdistrict, a_person, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def town(time_machine: Any) -> Subdistrict:
    time_machine.move_to("2026-11-23 03:00+08:00")
    return a_watched_town()


def states() -> list[str]:
    with system_scope("test"):
        return list(Alert.objects.order_by("pk").values_list("state", flat=True))


def test_a_month_ahead_the_secretary_hears_once_and_sees_it_done(
    town: Subdistrict, time_machine: Any
) -> None:
    lift = a_lift(town.building("1"), date(2026, 12, 24))
    a_rule(town.community)
    assert run_rules().raised == 0
    time_machine.move_to("2026-11-24 03:00+08:00")
    first, again = run_rules(), run_rules(whole=True)
    assert (first.raised, first.told, again.raised, again.told) == (1, 1, 0, 0)
    with system_scope("test"):
        task = Task.objects.get(kind=RESPOND)
        assert (task.seat_role, task.due_on) == ("secretary", date(2026, 12, 24))
        assert task.title == "1幢电梯年检2026-12-24到期，请安排检验"
        delivery = Delivery.objects.get()
        assert delivery.user.username == "shuji"
        user = User.objects.get(username="shuji")
        accept_task(task=task, by=user)
        assert states() == ["heard"]
        finish_task(task=task, by=user, result="已约检验")
        assert states() == ["done"]
        finish_duty(duty=Duty.objects.get(facility=lift), done_on=date(2026, 11, 24), by=None)
    assert run_rules().raised == 0
    time_machine.move_to("2027-11-25 03:00+08:00")
    assert run_rules().raised == 1


def test_an_inspection_done_elsewhere_ends_the_alert(town: Subdistrict) -> None:
    lift = a_lift(town.building("1"), date(2026, 12, 10))
    a_rule(town.community)
    run_rules()
    with system_scope("test"):
        finish_duty(duty=Duty.objects.get(facility=lift), done_on=date(2026, 11, 20), by=None)
        # At once, and the run finds nothing left.
        assert Task.objects.get(kind=RESPOND).state == "done"
    assert run_rules(whole=True).cleared == 0
    with system_scope("test"):
        assert Task.objects.get(kind=RESPOND).state == "done"
    assert states() == ["done"]


def test_a_corrected_day_is_the_same_alert_and_one_far_off_comes_back(town: Subdistrict) -> None:
    lift = a_lift(town.building("1"), date(2026, 12, 10))
    a_rule(town.community)
    run_rules()
    with system_scope("test"):
        edit_facility(facility=lift, changes={"next_inspection_on": date(2026, 12, 15)}, by=None)
    assert run_rules().raised == 0
    with system_scope("test"):
        assert Task.objects.get(kind=RESPOND).due_on == date(2026, 12, 15)
        edit_facility(facility=lift, changes={"next_inspection_on": date(2027, 2, 15)}, by=None)
    assert states() == ["moved"]
    assert run_rules(whole=True).cleared == 0
    assert states() == ["moved"]
    with system_scope("test"):
        edit_facility(facility=lift, changes={"next_inspection_on": date(2026, 12, 10)}, by=None)
    assert states() == ["open"]
    assert run_rules(whole=True).raised == 0
    assert states() == ["open"]


def test_a_false_alarm_needs_a_reason_and_rules_say_when_they_are_mostly_wrong(
    town: Subdistrict,
) -> None:
    from linli.capabilities.alerts.queries import record_of

    for number in range(6):
        a_lift(town.building("1"), date(2026, 12, 10), f"{number}号梯")
    rule = a_rule(town.community)
    run_rules()
    with working_as("secretary", town.community.path):
        found = list(Alert.objects.all())
        with pytest.raises(Refused, match="为什么"):
            actions.call_false(alert=found[0], reason=" ", by=None)
        for one in found:
            actions.call_false(alert=one, reason="这台已拆除", by=None)
        assert record_of([rule])[rule.pk].is_mostly_false
        assert set(Task.objects.values_list("state", flat=True)) == {"cancelled"}
        with pytest.raises(Refused, match="误报"):
            actions.call_false(alert=found[0], reason="再来一次", by=None)
    assert run_rules(whole=True).raised == 0


def test_a_lift_that_moves_takes_its_alert_along(town: Subdistrict) -> None:
    lift = a_lift(town.building("1"), date(2026, 12, 10))
    a_rule(town.town, role="grid_worker")
    run_rules()
    with system_scope("test"):
        move_facility(facility=lift, place=town.building("9"), by=None)
    run_rules()
    with system_scope("test"):
        alert = Alert.objects.get()
        assert alert.place == town.building("9")
        assert alert.state == "open"
        assert Task.objects.filter(state="open").get().place == town.building("9")


def test_what_still_waits_is_told_again_until_it_is_done(
    town: Subdistrict, time_machine: Any
) -> None:
    a_lift(town.building("1"), date(2026, 12, 10))
    a_rule(town.community, repeat=7)
    assert run_rules().told == 1
    time_machine.move_to("2026-11-29 03:00+08:00")
    assert run_rules().told == 0
    time_machine.move_to("2026-11-30 03:00+08:00")
    assert run_rules().told == 1
    assert run_rules().told == 0


def test_milestones_alert_once_in_a_life_and_not_for_days_long_gone(
    town: Subdistrict, time_machine: Any
) -> None:
    home = town.home("1", "101")
    a_person(home, "虞阿香", birth_date=date(1946, 12, 1))
    a_person(home, "陈老伯", birth_date=date(1946, 3, 1))
    a_rule(
        town.community,
        subject="person",
        condition={},
        when="date",
        field="birth_date",
        years=80,
        lead=14,
        past=False,
        message="满80岁，可办高龄津贴",
    )
    assert run_rules().raised == 1
    with system_scope("test"):
        assert Alert.objects.get().name == "虞阿香"
        assert Task.objects.get().title == "虞阿香：满80岁，可办高龄津贴"


def test_silence_is_heard_and_ends_with_a_visit(town: Subdistrict, time_machine: Any) -> None:
    old = a_person(town.home("1", "101"), aged=90, last_contact_on=date(2026, 10, 20))
    a_silence_rule(town.community, 35, role="grid_worker", message="35天没有联系")
    assert run_rules().raised == 0
    time_machine.move_to("2026-11-25 03:00+08:00")
    assert run_rules().raised == 1
    with system_scope("test"):
        from linli.core.actions import writes_allowed

        with writes_allowed("test"):
            old.last_contact_on = date(2026, 11, 25)
            old.save()
    assert run_rules().cleared == 1
    assert states() == ["cleared"]


def test_a_reserve_below_its_minimum_alerts_until_it_is_filled_up(town: Subdistrict) -> None:
    place = town.building("1")
    store = a_lift(place, None, "口罩")
    where = {"field": "is_short", "op": "eq", "value": True}
    short = {"subject": "facility", "where": where}
    a_rule(town.community, condition=short, when="holds", message="请补货")
    with system_scope("test"):
        edit_facility(facility=store, changes={"quantity": 5, "minimum": 10}, by=None)
    assert run_rules().raised == 1
    assert run_rules().raised == 0
    with system_scope("test"):
        edit_facility(facility=store, changes={"quantity": 50}, by=None)
    assert run_rules().cleared == 1
    with system_scope("test"):
        edit_facility(facility=store, changes={"quantity": 6}, by=None)
    assert run_rules(on=date(2026, 11, 24)).raised == 1


def test_a_number_over_the_line_alerts_once_while_it_stays_there(
    town: Subdistrict, time_machine: Any
) -> None:
    a_rule(town.community, when="threshold", side="over", number=1, message="电梯多了")
    a_lift(town.building("1"), None, "一")
    assert run_rules().raised == 0
    a_lift(town.building("1"), None, "二")
    assert run_rules().raised == 1
    time_machine.move_to("2026-11-24 03:00+08:00")
    assert run_rules().raised == 0


def test_a_warning_alerts_for_the_frail_of_its_place(town: Subdistrict) -> None:
    a_person(town.home("1", "101"), "虞阿香", aged=90)
    a_person(town.home("9", "101"), "潘阿公", aged=90)
    a_rule(
        town.town,
        subject="person",
        when="advisory",
        advisory="typhoon",
        role="grid_worker",
        field="",
        condition={"subject": "person", "where": {"field": "age", "op": "ge", "value": 80}},
        message="台风前上门看一看",
    )
    assert run_rules().raised == 0
    with working_as("secretary", town.community.path):
        actions.issue_advisory(
            place=town.community,
            kind="typhoon",
            from_on=date(2026, 11, 23),
            until_on=date(2026, 11, 25),
            words="",
            by=None,
        )
        with pytest.raises(Refused, match="最长60天"):
            actions.issue_advisory(
                place=town.community,
                kind="typhoon",
                from_on=date(2026, 11, 23),
                until_on=date(2027, 11, 25),
                words="",
                by=None,
            )
    assert (run_rules().raised, run_rules().raised) == (1, 0)


def test_two_sources_that_disagree_are_pointed_out(town: Subdistrict) -> None:
    lift = a_lift(town.building("1"), None)
    with system_scope("test"):
        changes = {"expires_on": date(2027, 1, 1), "contract_until": date(2027, 2, 1)}
        edit_facility(facility=lift, changes=changes, by=None)
    a_rule(
        town.community,
        when="disagree",
        field="expires_on",
        other="contract_until",
        message="两个日期不一致",
    )
    assert (run_rules().raised, run_rules().raised) == (1, 0)


def test_empty_posts_are_found_without_a_condition(town: Subdistrict) -> None:
    a_rule(
        town.town,
        when="source",
        source="posts.empty",
        condition={},
        role="subdistrict_officer",
        message="{名称}，请安排",
    )
    # 潘火社区 has no secretary, its estate and a grid of ours nobody.
    assert run_rules().raised >= 2
    assert run_rules().raised == 0


def test_a_rule_that_cannot_run_says_so_and_the_others_go_on(town: Subdistrict) -> None:
    from linli.core.actions import writes_allowed

    a_lift(town.building("1"), date(2026, 12, 10))
    broken, good = a_rule(town.community), a_rule(town.community)
    with system_scope("test"), writes_allowed("test"):
        broken.when, broken.field = "date", "gone"
        broken.save()
    went = run_rules()
    assert (went.failed, went.raised) == (1, 1)
    with system_scope("test"):
        broken.refresh_from_db()
        assert "gone" in broken.error_text
        assert good.error_text == ""


def test_a_rule_that_breaks_says_so_and_the_others_go_on(
    town: Subdistrict, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_lift(town.building("1"), date(2026, 12, 10))
    broken = a_rule(town.community, name="坏的")
    a_rule(town.community)
    find = runner.find

    def breaks(rule: Any, look: Any) -> Any:
        if rule.name == "坏的":
            raise KeyError("a bug nobody thought of")
        return find(rule, look)

    monkeypatch.setattr(runner, "find", breaks)
    went = run_rules()
    assert (went.failed, went.raised) == (1, 1)
    with system_scope("test"):
        broken.refresh_from_db()
    assert "没有跑成" in broken.error_text
    monkeypatch.undo()
    assert run_rules().raised == 1
    with system_scope("test"):
        broken.refresh_from_db()
    assert broken.error_text == ""


def test_who_died_is_not_visited_and_what_was_said_stays(town: Subdistrict) -> None:
    from linli.core.actions import writes_allowed

    old = a_person(town.home("1", "101"), aged=90, last_contact_on=date(2026, 10, 1))
    a_silence_rule(town.community, 35, role="grid_worker", message="35天没有联系")
    assert run_rules().raised == 1
    with system_scope("test"), writes_allowed("test"):
        old.status = "died"
        old.save()
    assert run_rules().cleared == 1
    with system_scope("test"):
        assert Task.objects.get().state == "cancelled"
        assert Alert.objects.get().name == old.name


def test_a_year_whose_holidays_nobody_entered_still_alerts(
    town: Subdistrict, time_machine: Any
) -> None:
    time_machine.move_to("2031-01-28 03:00+08:00")
    a_lift(town.building("1"), date(2031, 1, 20))
    a_rule(town.community)
    assert run_rules().raised == 1
    with system_scope("test"):
        # Five days by the week alone; the page of working days tells the operator to enter them.
        assert Task.objects.get().due_on == date(2031, 2, 4)
