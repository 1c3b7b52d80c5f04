"""A4: what the shipped rules find on real people, posts and tasks, and what a trial can tell."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from linli.capabilities.alerts import sources
from linli.capabilities.alerts.library import shipped
from linli.capabilities.alerts.models import Alert, AlertRule
from linli.capabilities.alerts.queries import explained, trial
from linli.capabilities.alerts.runner import run_rules
from linli.capabilities.alerts.tests.builders import a_rule, a_watched_town
from linli.core.actions import writes_allowed
from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.people.models import Household, Person
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.workbench.tasks.actions import open_task
from linli.workbench.tasks.queries.gaps import Gap
from linli.workbench.tasks.queries.seats import seat_of_role
from tests.people import Subdistrict, a_person, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
EMPTY: dict[str, Any] = {
    "field": "",
    "duty": "",
    "lead": 0,
    "months": 0,
    "past": False,
    "condition": {},
}


@pytest.fixture
def town(time_machine: Any) -> Subdistrict:
    time_machine.move_to("2026-11-23 10:00+08:00")
    return a_watched_town()


def taken(place: Place, key: str, **given: Any) -> AlertRule:
    one = shipped(key)
    assert one is not None
    return a_rule(place, **EMPTY | one.facts() | given)


def live() -> list[str]:
    with system_scope("test"):
        rows = Alert.objects.filter(state__in=("open", "heard")).order_by("name")
        return list(rows.values_list("name", flat=True))


def test_a_member_and_a_household_that_disagree_are_pointed_out(town: Subdistrict) -> None:
    names = {"虞阿香": (False, True), "陈老伯": (True, True), "潘阿公": (None, True)}
    for number, (name, (own, household)) in enumerate(names.items()):
        person = a_person(town.home("1", f"{number + 1}01"), name, aged=80, low_income=own)
        with system_scope("test"), writes_allowed("test"):
            Household.objects.filter(pk=person.household_id).update(low_income=household)
    taken(town.community, "low-income-differs")
    assert (run_rules().raised, live()) == (1, ["虞阿香"])
    with system_scope("test"), writes_allowed("test"):
        Person.objects.filter(name="虞阿香").update(low_income=True)
    assert (run_rules().cleared, live()) == (1, [])
    with system_scope("test"), writes_allowed("test"):
        Person.objects.filter(name="虞阿香").update(low_income=False)
    assert (run_rules().raised, live()) == (1, ["虞阿香"])


def test_a_tenants_lease_that_ends_raises_an_alert_a_month_ahead(town: Subdistrict) -> None:
    for name, tenure, day in (
        ("虞阿香", "tenant", date(2026, 12, 20)),
        ("陈老伯", "tenant", date(2027, 3, 1)),
        ("潘阿公", "owner", date(2026, 12, 20)),
    ):
        a_person(town.home("1", "101"), name, aged=40, tenure=tenure, lease_until=day)
    rule = taken(town.community, "tenant-lease-ends")
    assert (run_rules().raised, live()) == (1, ["虞阿香"])
    with working_as("secretary", town.community.path):
        assert "租房合同到期前30天" in explained(rule)


def test_a_promise_that_is_late_is_told_apart_from_other_late_tasks(
    town: Subdistrict, time_machine: Any
) -> None:
    person, place = a_person(town.home("1", "101"), aged=80), town.home("1", "101")
    with system_scope("test"):
        for kind, title in (("visits.promise", "装扶手"), ("visits.visit", "看望")):
            open_task(
                kind=kind,
                about=person,
                place=place,
                due_on=date(2026, 11, 30),
                person=person,
                title=title,
                seat=seat_of_role("grid_worker", place),
                occasion=kind,
                by=None,
            )
    taken(town.community, "late-promises")
    time_machine.move_to("2026-12-01 10:00+08:00")
    assert (run_rules().raised, live()) == (1, ["装扶手"])
    taken(town.community, "late-tasks")
    assert (run_rules().raised, live()) == (1, ["看望", "装扶手"])


def test_each_empty_post_of_a_place_is_an_alert_of_its_own(
    town: Subdistrict, time_machine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = town.next_community
    missing = ["secretary", "community_worker"]
    monkeypatch.setattr(sources, "gaps", lambda: [Gap(place, role) for role in missing])
    taken(town.town, "empty-posts")
    assert run_rules().raised == 2
    assert live() == ["潘火社区没有社区书记", "潘火社区没有社区工作者"]
    missing.remove("secretary")
    run_rules()
    assert live() == ["潘火社区没有社区工作者"]
    time_machine.move_to("2026-12-02 10:00+08:00")
    assert run_rules().raised == 0  # what still waits is not raised again each month


def test_a_trial_counts_who_was_never_seen(town: Subdistrict) -> None:
    seen = {"虞阿香": date(2026, 10, 1), "陈老伯": None, "潘阿公": date(2026, 11, 22)}
    for name, day in seen.items():
        a_person(town.home("1", "101"), name, aged=90, last_contact_on=day)
    rule = a_rule(
        town.community,
        subject="person",
        condition={},
        when="silence",
        duty="",
        lead=0,
        field="last_contact_on",
        days=30,
        role="grid_worker",
        message="没有联系",
    )
    day = today()
    with working_as("secretary", town.community.path):
        tried = trial(rule, since=day - timedelta(days=365), until=day, today=day)
    assert (tried.total, tried.never, tried.now) == (1, 1, 2)
    assert "另有1个从来没有记录" in tried.words


def test_what_has_no_history_says_so_instead_of_a_count(client: Client, town: Subdistrict) -> None:
    person = a_person(town.home("1", "101"), "虞阿香", aged=80, low_income=False)
    with system_scope("test"), writes_allowed("test"):
        Household.objects.filter(pk=person.household_id).update(low_income=True)
    rules = [taken(town.community, "low-income-differs"), taken(town.community, "empty-posts")]
    where = {"field": "age", "op": "ge", "value": 80}
    old = {"subject": "person", "where": where}
    rules.append(
        a_rule(town.community, **EMPTY | {"subject": "person", "when": "holds", "condition": old})
    )
    with system_scope("test"):
        client.force_login(User.objects.get(username="shuji"))
    for rule in rules:
        page = client.get(f"/whistles/rules/{rule.pk}/?since=2025-01-01&until=2025-12-31")
        said = page.content.decode()
        assert "过去没有记录可查；现在启用马上吹" in said
        assert "会吹1次" not in said
    assert "虞阿香" in said


def test_the_sentence_tells_the_cycle_and_days_long_gone(town: Subdistrict) -> None:
    given = {"when": "date", "field": "expires_on", "months": 12, "lead": 30, "past": True}
    rule = a_rule(town.community, **given, duty="")
    with working_as("secretary", town.community.path):
        said = explained(rule)
    assert "设施有效期（每12个月一次）前30天" in said
    assert "已过期的也吹" in said
