"""The strip of the coming 60 days: every number opens as many alerts as it says."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from linli.capabilities.alerts.runner import run_rules
from linli.capabilities.alerts.tests.builders import a_lift, a_rule, a_silence_rule, a_watched_town
from linli.core.scope import system_scope
from linli.register.posts.models import User
from tests.people import Subdistrict, a_person, a_user

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)


@pytest.fixture
def town(time_machine: Any) -> Subdistrict:
    time_machine.move_to("2026-11-23 10:00+08:00")
    town = a_watched_town()
    for name, days in (("甲梯", -3), ("乙梯", 0), ("丙梯", 12), ("丁梯", 12), ("戊梯", 80)):
        a_lift(town.building("1"), DAY + timedelta(days), name)
    a_rule(town.community, lead=90)
    a_rule(town.community, name="只看乙梯", lead=5)
    return town


def signed_in(name: str) -> Client:
    client = Client()
    with system_scope("test"):
        client.force_login(User.objects.get(username=name))
    return client


def shown(client: Client, href: str) -> int:
    answer = client.get(href)
    assert answer.status_code == 200
    return int(answer.context["view"].found)


@pytest.mark.postgres
def test_every_number_of_the_strip_opens_as_many_alerts(town: Subdistrict) -> None:
    run_rules()
    client = signed_in("shuji")
    whole = shown(client, "/whistles/")
    page = client.get("/whistles/").content.decode()
    links = [
        (unescape(href), int(number))
        for href, number in re.findall(r'<a href="([^"]+from=[^"]+)">(\d+)</a>', page)
    ]
    assert len(links) == 3, "two segments of the first rule, one of the second"
    beside = re.findall(r'href="([^"]+)">\s*(?:已过日子|60天以后|没有日子的) (\d+)项', page)
    links += [(unescape(href), int(number)) for href, number in beside]
    for href, number in links:
        assert shown(client, href) == number > 0, href
    assert sum(number for _href, number in links) == whole
    marks = re.findall(r'<a href="([^"]+)" aria-label="[^"]* (\d+)项">', page)
    assert [int(n) for _href, n in marks] == [n for href, n in links if "rule=" in href]


def test_a_rule_one_may_not_know_of_is_neither_drawn_nor_named(town: Subdistrict) -> None:
    a_person(town.home("1", "101"), "虞阿香", aged=90)
    silence = a_silence_rule(town.community, 30, name="很久没人去")
    a_user("wuye", "property_manager", town.community)
    run_rules()
    for address in ("/whistles/", f"/whistles/?rule={silence.pk}"):
        page = signed_in("wuye").get(address).content.decode()
        assert "很久没人去" not in page
        assert "电梯年检" not in page
    assert "没有这条规则" in page
    assert "很久没人去" in signed_in("shuji").get(f"/whistles/?rule={silence.pk}").content.decode()


def test_an_address_that_says_nothing_narrows_nothing(town: Subdistrict) -> None:
    run_rules()
    client = signed_in("shuji")
    whole = shown(client, "/whistles/")
    for asked in ("rule=x", "from=2026-02-30", "to=", "undated=2"):
        assert shown(client, f"/whistles/?{asked}") == whole
    assert shown(client, "/whistles/?rule=99999999999999999999") == 0
