"""An alert and the thing it is about know each other, both ways and at once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from linli.capabilities.alerts import actions
from linli.capabilities.alerts.models import Alert
from linli.capabilities.alerts.runner import run_rules
from linli.capabilities.alerts.terms import RESPOND
from linli.capabilities.alerts.tests.builders import a_lift, a_rule, a_silence_rule, a_watched_town
from linli.core import moved_dates
from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.register.facilities.actions import (
    FacilityRow,
    NewFacility,
    NewPaper,
    add_facilities,
    edit_facility,
    end_facility,
    finish_duty,
    keep_paper,
    take_back_duty,
    take_list,
)
from linli.register.facilities.models import Duty, DutyDone, Facility, FacilityPaper
from linli.register.people.actions import record_contact
from linli.register.posts.models import User
from linli.workbench.tasks.actions import finish_task
from linli.workbench.tasks.models import Task
from tests.people import Subdistrict, a_person, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
DUE, NEXT = date(2026, 12, 10), date(2027, 12, 10)


@pytest.fixture
def town(time_machine: Any) -> Subdistrict:
    time_machine.move_to("2026-11-25 10:00+08:00")
    return a_watched_town()


def the_alert() -> Alert:
    alert: Alert = Alert.objects.select_related("task", "rule").get()
    return alert


def a_lift_with_its_alert(town: Subdistrict) -> Facility:
    lift = a_lift(town.building("1"), DUE)
    a_rule(town.community)
    assert run_rules().raised == 1
    return lift


def test_the_duty_done_ends_alert_and_task_at_once(town: Subdistrict) -> None:
    lift = a_lift_with_its_alert(town)
    with working_as("secretary", town.community.path):
        duty = Duty.objects.get(facility=lift)
        finish_duty(duty=duty, done_on=date(2026, 11, 24), result="合格", by=None)
        alert = the_alert()
        assert (alert.state, alert.task.state) == ("done", "done")
        assert alert.reason == "年检已办：2026-11-24，合格；下次2027-12-10"
        assert alert.task.result == alert.reason
    went = run_rules(whole=True)
    assert (went.raised, went.cleared) == (0, 0)


def test_without_the_hook_they_would_wait(
    town: Subdistrict, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: it is the hook that closes them."""
    lift = a_lift_with_its_alert(town)
    monkeypatch.setattr(moved_dates, "_listeners", [])
    with system_scope("test"):
        finish_duty(duty=Duty.objects.get(facility=lift), done_on=date(2026, 11, 24), by=None)
        assert the_alert().state == "open"


def test_the_alert_done_is_the_duty_done(town: Subdistrict, client: Client) -> None:
    lift = a_lift_with_its_alert(town)
    with system_scope("test"):
        alert = the_alert()
    user = User.objects.get(username="shuji")
    client.force_login(user)
    there = f"/whistles/{alert.pk}/done/"
    # The tap on the task leads to the page that asks for the date.
    assert client.get(f"/tasks/{alert.task_id}/finish/")["Location"] == there
    given = {"done_on": "2026-11-24", "result": "合格", "paper_number": "浙B-77"}
    late = {**given, "done_on": "2026-12-24"}
    assert "不能在今天之后" in client.post(there, late).content.decode()
    assert client.post(there, given | {"paper_until": "2027-12-10"}).status_code == 302
    with system_scope("test"):
        alert = the_alert()
        assert (alert.state, alert.task.state) == ("done", "done")
        assert alert.task.ended_by == user
        lift.refresh_from_db()
        assert lift.next_inspection_on == NEXT
        done = DutyDone.objects.get()
        assert (done.due_on, done.done_on, done.result, done.by) == (
            DUE,
            date(2026, 11, 24),
            "合格",
            user,
        )
        paper = FacilityPaper.objects.get()
        assert (paper.name, paper.number) == ("年检合格证", "浙B-77")
    assert client.get(there)["Location"] == f"/whistles/{alert.pk}/"


def test_a_tap_alone_does_not_end_it(town: Subdistrict) -> None:
    a_lift_with_its_alert(town)
    user = User.objects.get(username="shuji")
    with working_as("secretary", town.community.path, user):
        task = Task.objects.get(kind=RESPOND)
        with pytest.raises(Refused, match="哪天办的"):
            finish_task(task=task, by=user, result="办好了")
        assert the_alert().state == "open"


def test_a_tap_would_end_it_without_the_rule(
    town: Subdistrict, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of the refusal."""
    monkeypatch.setattr(actions, "_refuse_a_tap", lambda _task: None)
    a_lift_with_its_alert(town)
    user = User.objects.get(username="shuji")
    with working_as("secretary", town.community.path, user):
        finish_task(task=Task.objects.get(kind=RESPOND), by=user, result="办好了")
        assert the_alert().state == "done"


def test_a_duty_that_was_not_done_alerts_again(town: Subdistrict, client: Client) -> None:
    lift = a_lift_with_its_alert(town)
    with system_scope("test"):
        duty = Duty.objects.get(facility=lift)
        finish_duty(duty=duty, done_on=date(2026, 11, 24), by=None)
    client.force_login(User.objects.get(username="shuji"))
    there = f"/facilities/{lift.pk}/duties/{duty.pk}/back/"
    assert client.post(there, {"why": "是2号梯"}).status_code == 302
    with system_scope("test"):
        alert = the_alert()
        assert (alert.state, alert.times, alert.task.state) == ("open", 2, "open")
        duty.refresh_from_db()
        lift.refresh_from_db()
        assert (duty.due_on, duty.done_on, lift.next_inspection_on) == (DUE, None, DUE)
        assert DutyDone.objects.get().why == "是2号梯"
        with pytest.raises(Refused, match="没有可以更正的"):
            take_back_duty(duty=duty, why="再来一次", by=None)
        # Done on another day it ends again, and its first entry stays.
        finish_duty(duty=duty, done_on=date(2026, 11, 25), by=None)
        assert the_alert().state == "done"
        assert DutyDone.objects.count() == 2
    assert "记错了：是2号梯" in client.get(f"/facilities/{lift.pk}/").content.decode()


def test_a_list_that_tells_the_next_day_ends_it_too(town: Subdistrict) -> None:
    lift = a_lift_with_its_alert(town)
    with working_as("secretary", town.community.path):
        new = NewFacility(town.building("1"), "电梯", lift.name, next_inspection_on=NEXT)
        assert take_list(listed=[FacilityRow(2, new)], within=town.community, by=None).changed == 1
        assert (the_alert().state, the_alert().task.state) == ("done", "done")


def test_a_thing_that_is_no_longer_used_alerts_nobody(town: Subdistrict) -> None:
    lift = a_lift_with_its_alert(town)
    with working_as("secretary", town.community.path):
        end_facility(facility=lift, why="已拆除", by=None)
        alert = the_alert()
        assert (alert.state, alert.task.state) == ("cleared", "cancelled")
        assert "已拆除" in alert.reason


@pytest.mark.parametrize("field", ["contract_until", "expires_on", "papers_until"])
def test_every_watched_date_of_a_thing_goes_both_ways(
    town: Subdistrict, field: str, client: Client
) -> None:
    with system_scope("test"):
        things = add_facilities(
            facilities=[
                NewFacility(town.building("1"), "充电桩", f"{n}号桩", **_dates(field))
                for n in (1, 2)
            ],
            by=None,
        )
        if field == "papers_until":
            for thing in things:
                paper = NewPaper("使用登记证", valid_until=DUE)
                keep_paper(facility=thing, paper=paper, by=None)
    watched = {"condition": {}, "when": "date", "duty": "", "field": field, "message": "到期"}
    a_rule(town.community, **watched)
    assert run_rules().raised == 2
    user = User.objects.get(username="shuji")
    client.force_login(user)
    with system_scope("test"):
        one, other = Alert.objects.order_by("subject_id")
        # From the thing's page.
        if field == "papers_until":
            paper = NewPaper("使用登记证", valid_until=NEXT)
            keep_paper(facility=things[1], paper=paper, by=user)
        else:
            edit_facility(facility=things[1], changes={field: NEXT}, by=user)
        other.refresh_from_db()
        assert (other.state, other.task.state) == ("done", "done")
    # From the alert's page.
    there = f"/whistles/{one.pk}/done/"
    past = {"done_on": "2026-11-24", "next_on": "2026-11-24"}
    assert "要在今天之后" in client.post(there, past).content.decode()
    assert client.post(there, past | {"next_on": NEXT.isoformat()}).status_code == 302
    with system_scope("test"):
        one.refresh_from_db()
        assert (one.state, one.task.state) == ("done", "done")
        things[0].refresh_from_db()
        assert getattr(things[0], field) == NEXT
    assert run_rules(whole=True).raised == 0


def _dates(field: str) -> dict[str, Any]:
    return {} if field == "papers_until" else {field: DUE}


def test_who_was_silent_was_reached(town: Subdistrict, client: Client) -> None:
    """The kind for people: the contact ends it, and ending it is a contact."""
    long_ago = date(2026, 10, 1)
    for door, name in (("101", "虞阿香"), ("102", "钱阿宝")):
        a_person(town.home("1", door), name, aged=90, last_contact_on=long_ago)
    a_silence_rule(town.community, 30)
    assert run_rules().raised == 2
    user = User.objects.get(username="shuji")
    with working_as("secretary", town.community.path, user):
        one, other = Alert.objects.select_related("task__person").order_by("pk")
        person = one.task.person
        record_contact(person=person, channel="phone", on=date(2026, 11, 25), by=user)
        one.refresh_from_db()
        assert (one.state, one.task.state) == ("done", "done")
        assert one.reason == "已联系：2026-11-25"
    client.force_login(user)
    given = {"done_on": "2026-11-25", "channel": "visit", "result": "身体还好"}
    assert client.post(f"/whistles/{other.pk}/done/", given).status_code == 302
    with system_scope("test"):
        other.refresh_from_db()
        assert (other.state, other.task.state) == ("done", "done")
        other.task.person.refresh_from_db()
        assert other.task.person.last_contact_on == date(2026, 11, 25)


def test_a_contact_long_ago_breaks_no_silence(town: Subdistrict) -> None:
    """The negative control: only a date that moved out of the condition ends it."""
    old = a_person(town.home("1", "101"), aged=90, last_contact_on=date(2026, 10, 1))
    a_silence_rule(town.community, 30)
    run_rules()
    with system_scope("test"):
        earlier = date(2026, 10, 1) - timedelta(days=9)
        record_contact(person=old, channel="phone", on=earlier, by=None)
        assert the_alert().state == "open"


def test_a_milestone_is_ended_by_a_result_alone(town: Subdistrict) -> None:
    """Nothing is done that moves a birthday: a tap with a result ends it as before."""
    a_person(town.home("1", "101"), birth_date=date(1946, 12, 10))
    a_rule(
        town.community,
        subject="person",
        condition={},
        when="date",
        duty="",
        field="birth_date",
        years=80,
        message="满80岁",
    )
    assert run_rules().raised == 1
    user = User.objects.get(username="shuji")
    with working_as("secretary", town.community.path, user):
        finish_task(task=Task.objects.get(kind=RESPOND), by=user, result="高龄津贴已告知")
        assert the_alert().state == "done"


def test_finish_alert_by_a_program_keeps_the_same_rules(town: Subdistrict) -> None:
    a_lift_with_its_alert(town)
    user = User.objects.get(username="shuji")
    with working_as("secretary", town.community.path, user):
        outcome = actions.Outcome(date(2026, 11, 24), "合格")
        actions.finish_alert(alert=the_alert(), outcome=outcome, by=user)
        assert DutyDone.objects.get().result == "合格"
        with pytest.raises(Refused, match="已办结"):
            actions.finish_alert(alert=the_alert(), outcome=outcome, by=user)
    with working_as("micro_grid_lead", town.grids[0].path), pytest.raises(Refused):
        actions.finish_alert(alert=the_alert(), outcome=outcome, by=None)
