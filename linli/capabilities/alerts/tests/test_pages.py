"""A4: rules are written, tried on the past year, switched on; false alarms say why."""

from __future__ import annotations

import html
from datetime import date
from typing import Any

import pytest
from django.test import Client

from linli.capabilities.alerts import actions
from linli.capabilities.alerts.library import LIBRARY
from linli.capabilities.alerts.models import Alert, AlertRule
from linli.capabilities.alerts.queries import explained, trial
from linli.capabilities.alerts.runner import run_rules
from linli.capabilities.alerts.tests.builders import a_lift, a_rule, a_watched_town
from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.register.posts.models import User
from tests.people import Subdistrict, a_person, working_as

pytestmark = pytest.mark.django_db
RULE = {
    "name": "电梯年检",
    "subject": "facility",
    "sentence": "设施类别＝“电梯”",
    "when": "duty",
    "duty": "inspection",
    "lead": "30",
    "past": "on",
    "role": "secretary",
    "message": "{名称}{日期}到期",
    "until": "done",
}


@pytest.fixture
def town(time_machine: Any) -> Subdistrict:
    time_machine.move_to("2026-11-23 10:00+08:00")
    return a_watched_town()


@pytest.fixture
def shuji(client: Client, town: Subdistrict) -> Client:
    with system_scope("test"):
        client.force_login(User.objects.get(username="shuji"))
    return client


def only_rule() -> AlertRule:
    with system_scope("test"):
        rule: AlertRule = AlertRule.objects.select_related("place").get()
        return rule


def test_a_rule_is_written_explained_tried_and_switched_on(
    shuji: Client, town: Subdistrict
) -> None:
    a_lift(town.building("1"), date(2026, 12, 10))
    there = shuji.post("/whistles/rules/add/", RULE)
    assert there.status_code == 302
    rule = only_rule()
    page = shuji.get(f"/whistles/rules/{rule.pk}/").content.decode()
    assert "殷家社区里，设施类别＝“电梯”的设施的检验到期前30天，按各自的周期" in page
    assert "会吹1次" in page
    assert "按现在登记的日期和各自的周期倒推" in page
    assert shuji.post(f"/whistles/rules/{rule.pk}/on/").status_code == 302
    assert only_rule().is_on
    assert run_rules().raised == 1
    assert "1幢电梯" in shuji.get("/whistles/").content.decode()
    form = shuji.get(f"/whistles/rules/{rule.pk}/edit/").content.decode()
    assert "设施类别＝“电梯”" in html.unescape(form)
    assert shuji.post(f"/whistles/rules/{rule.pk}/off/").status_code == 302
    assert not only_rule().is_on


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sentence": "会飞的电梯"}, "没有看懂"),
        ({"field": "person.birth_date"}, "同一种对象"),
        ({"when": "silence", "field": "facility.installed_on", "days": "0"}, "不能是0"),
        ({"when": "date", "field": "facility.next_inspection_on"}, "facility.next_inspection_on"),
        ({"subject": "person", "sentence": ""}, "周期事项只有设施有"),
        ({"name": ""}, "name"),
    ],
)
def test_what_cannot_work_is_refused_in_words(
    shuji: Client, changes: dict[str, str], said: str
) -> None:
    answer = shuji.post("/whistles/rules/add/", RULE | changes)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_rule_may_not_tell_a_post_what_it_may_not_see(town: Subdistrict) -> None:
    where = {"field": "low_income", "op": "eq", "value": True}
    with working_as("secretary", town.community.path), pytest.raises(Refused, match="物业经理"):
        actions.save_rule(
            rule=AlertRule(place=town.community),
            by=None,
            given={
                "name": "低保",
                "subject": "person",
                "when": "holds",
                "role": "property_manager",
                "condition": {"subject": "person", "where": where},
                "message": "看一看",
            },
        )


def test_a_rule_that_fits_everybody_asks_for_the_number(shuji: Client, town: Subdistrict) -> None:
    for n in range(25):
        a_lift(town.building("1"), date(2026, 12, 1), f"{n}号梯")
    shuji.post("/whistles/rules/add/", RULE)
    rule = only_rule()
    page = shuji.get(f"/whistles/rules/{rule.pk}/on/").content.decode()
    assert "启用后马上吹25次" in page
    assert shuji.post(f"/whistles/rules/{rule.pk}/on/", {"confirmed": "3"}).status_code == 422
    assert not only_rule().is_on
    assert shuji.post(f"/whistles/rules/{rule.pk}/on/", {"confirmed": "25"}).status_code == 302
    assert only_rule().is_on


def test_an_alert_shows_and_is_called_false_with_a_reason(shuji: Client, town: Subdistrict) -> None:
    a_lift(town.building("1"), date(2026, 12, 1))
    a_rule(town.community)
    run_rules()
    with system_scope("test"):
        alert = Alert.objects.get()
    page = shuji.get(f"/whistles/{alert.pk}/").content.decode()
    assert "1幢电梯年检2026-12-01到期，请安排检验" in page
    assert shuji.post(f"/whistles/{alert.pk}/false/", {"reason": ""}).status_code == 422
    assert shuji.post(f"/whistles/{alert.pk}/false/", {"reason": "这台已拆除"}).status_code == 302
    assert "误报" in shuji.get(f"/whistles/{alert.pk}/").content.decode()
    assert "1幢电梯" in shuji.get("/whistles/?over=1").content.decode()


def test_every_shipped_rule_can_be_taken_explained_and_tried(
    shuji: Client, town: Subdistrict
) -> None:
    a_person(town.home("1", "101"), aged=92)
    assert len(LIBRARY) >= 15
    assert "规则库" in shuji.get("/whistles/rules/").content.decode()
    for one in LIBRARY:
        assert shuji.post(f"/whistles/library/{one.key}/").status_code == 302
    with working_as("secretary", town.community.path):
        for rule in AlertRule.objects.select_related("place"):
            assert explained(rule).endswith("。")
            day = date(2026, 11, 23)
            assert trial(rule, since=date(2025, 11, 23), until=day, today=day).basis
    assert shuji.get("/whistles/library/nonsense/").status_code == 404
    assert "规则库" not in shuji.get("/whistles/rules/").content.decode()


def test_a_warning_reaches_the_rules_at_once(shuji: Client, town: Subdistrict) -> None:
    a_person(town.home("1", "101"), "虞阿香", aged=92)
    with system_scope("test"):
        facts = next(one for one in LIBRARY if one.key == "typhoon-frail").facts()
    a_rule(town.community, **{"field": "", "months": 0, "lead": 0, "past": False} | facts)
    given = {"kind": "typhoon", "from_on": "2026-11-23", "until_on": "2026-11-25", "words": ""}
    assert shuji.post("/whistles/signal/", given).status_code == 302
    assert "虞阿香" in shuji.get("/whistles/").content.decode()


def test_a_worker_reads_rules_and_does_not_write_them(client: Client, town: Subdistrict) -> None:
    rule = a_rule(town.town)
    with system_scope("test"):
        client.force_login(User.objects.get(username="wangge"))
    assert client.get(f"/whistles/rules/{rule.pk}/").status_code == 200
    assert client.get("/whistles/rules/add/").status_code == 404
    assert client.post(f"/whistles/rules/{rule.pk}/on/").status_code == 404
