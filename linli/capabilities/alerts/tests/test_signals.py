"""A4: a warning reaches every rule below its place, and ends when it is over."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from linli.capabilities.alerts import actions
from linli.capabilities.alerts.models import Advisory, Alert
from linli.capabilities.alerts.queries import advisories_here, trial
from linli.capabilities.alerts.runner import run_rules
from linli.capabilities.alerts.tests.builders import a_rule, a_watched_town
from linli.core.actions import writes_allowed
from linli.core.errors import NotFound, Refused
from linli.core.scope import system_scope
from linli.register.people.models import Person
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.workbench.tasks.models import Task
from tests.people import Subdistrict, a_person, a_user, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
OLD = {"subject": "person", "where": {"field": "age", "op": "ge", "value": 80}}


@pytest.fixture
def town(time_machine: Any) -> Subdistrict:
    time_machine.move_to("2026-11-23 10:00+08:00")
    return a_watched_town()


def a_typhoon_rule(place: Place) -> Any:
    return a_rule(
        place,
        subject="person",
        when="advisory",
        advisory="typhoon",
        role="grid_worker",
        duty="",
        condition=OLD,
        lead=0,
        past=False,
        message="台风前上门看一看",
    )


def a_typhoon(place: Place) -> Advisory:
    with system_scope("test"):
        return actions.issue_advisory(
            place=place,
            kind="typhoon",
            from_on=date(2026, 11, 23),
            until_on=date(2026, 11, 25),
            words="",
            by=None,
        )


def states() -> list[str]:
    with system_scope("test"):
        return list(Alert.objects.order_by("pk").values_list("state", flat=True))


def test_a_warning_of_the_town_reaches_the_rule_of_a_community(town: Subdistrict) -> None:
    a_person(town.home("1", "101"), "虞阿香", aged=90)
    a_person(town.home("9", "101"), "潘阿公", aged=90)
    rule = a_typhoon_rule(town.community)
    advisory = a_typhoon(town.town)
    assert (run_rules().raised, run_rules().raised) == (1, 0)
    with working_as("secretary", town.community.path):
        assert [one.is_ours for one in advisories_here(date(2026, 11, 23))] == [False]
        day = date(2026, 11, 23)
        assert trial(rule, since=day, until=day, today=day).total == 1
        with pytest.raises(NotFound):
            actions.end_advisory(advisory=advisory, by=None)


def test_a_warning_of_one_community_stays_there(town: Subdistrict) -> None:
    a_person(town.home("1", "101"), "虞阿香", aged=90)
    a_typhoon_rule(town.community)
    a_typhoon(town.next_community)
    assert run_rules().raised == 0
    with working_as("secretary", town.community.path):
        assert not advisories_here(date(2026, 11, 23)).exists()


def test_alerts_of_a_warning_end_with_it(town: Subdistrict, time_machine: Any) -> None:
    a_person(town.home("1", "101"), "虞阿香", aged=90)
    a_typhoon_rule(town.community)
    advisory = a_typhoon(town.town)
    run_rules()
    with working_as("subdistrict_officer", town.town.path):
        actions.end_advisory(advisory=advisory, by=None)
        with pytest.raises(Refused, match="已经解除"):
            actions.end_advisory(advisory=advisory, by=None)
    assert (run_rules().cleared, states()) == (1, ["cleared"])
    with system_scope("test"):
        assert Task.objects.get().state == "cancelled"
    a_typhoon(town.community)
    assert run_rules().raised == 1
    time_machine.move_to("2026-11-26 03:00+08:00")
    assert (run_rules().cleared, states()) == (1, ["cleared", "cleared"])


@pytest.mark.parametrize("status", ["died", "moved_out"])
def test_nobody_is_sent_to_who_died_or_moved(town: Subdistrict, status: str) -> None:
    old = a_person(town.home("1", "101"), "虞阿香", aged=90)
    a_typhoon_rule(town.community)
    a_typhoon(town.town)
    run_rules()
    with system_scope("test"), writes_allowed("test"):
        Person.objects.filter(pk=old.pk).update(status=status)
    assert (run_rules().cleared, states()) == (1, ["cleared"])


def test_a_warning_is_ended_on_its_page_and_others_see_no_link(
    client: Client, town: Subdistrict
) -> None:
    a_person(town.home("1", "101"), "虞阿香", aged=90)
    a_typhoon_rule(town.community)
    a_user("jiedao", "subdistrict_officer", town.town)
    advisory = a_typhoon(town.town)
    run_rules()
    sees = {"shuji": (False, 404), "wangge": (False, 404), "jiedao": (True, 200)}
    for name, (link, status) in sees.items():
        with system_scope("test"):
            client.force_login(User.objects.get(username=name))
        page = client.get("/whistles/").content.decode()
        assert "台风预警" in page
        assert (f"/whistles/signal/{advisory.pk}/end/" in page) is link
        assert ('href="/whistles/signal/"' in page) is (name != "wangge")
        assert client.get(f"/whistles/signal/{advisory.pk}/end/").status_code == status
    assert client.post(f"/whistles/signal/{advisory.pk}/end/").status_code == 302
    assert states() == ["cleared"]
    assert "台风预警" not in client.get("/whistles/").content.decode()
