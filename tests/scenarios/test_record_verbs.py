"""From the page of a record its verbs lead to forms that know it, and the loop ends there."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client

from linli.capabilities.cases.models import Case
from linli.capabilities.cases.tests.builders import Station, a_station
from linli.core.scope import system_scope
from linli.register.facilities.actions import Cycle, NewFacility, add_facilities, set_duty
from linli.register.facilities.models import Duty, Facility
from linli.register.parties.actions import add_party
from linli.register.people.models import Person
from linli.register.posts.models import User
from tests.people import a_person, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def station(time_machine: Any) -> Station:
    time_machine.move_to("2026-11-30 10:00+08:00", tick=False)
    return a_station()


@pytest.fixture
def her(station: Station) -> Person:
    with system_scope("set up a test"):
        return a_person(station.town.home("1", "101"), "虞阿香", phone="13800001234")


@pytest.fixture
def lift(station: Station) -> Facility:
    with system_scope("set up a test"):
        party = add_party(
            place=station.town.community, name="明州维保", kind="维保", phone="14300001007", by=None
        )
        new = NewFacility(
            station.town.building("1"), "电梯", "东侧客梯", "LT0090001", maintainer=party
        )
        lift = add_facilities(facilities=[new], by=None)[0]
        due = date(2026, 12, 24)
        set_duty(
            facility=lift, kind="inspection", name="年检", cycle=Cycle(12), due_on=due, by=None
        )
        return lift


def as_user(user: User) -> Client:
    client = Client()
    with system_scope("test"):
        client.force_login(User.objects.get(pk=user.pk))
    return client


def verbs(client: Client, address: str) -> dict[str, str]:
    """Return the verbs on a page: their words and where they lead."""
    page = client.get(address).content.decode()
    bar = re.search(r'<nav class="verbs.*?</nav>', page, re.DOTALL)
    links = re.findall(r'href="([^"]+)">.*?</svg>\s*([^<]+?)\s*</a>', bar[0] if bar else "")
    return {words: unescape(href) for href, words in links}


def test_a_case_is_taken_down_from_the_page_of_a_person(station: Station, her: Person) -> None:
    client = as_user(station.worker)
    offered = verbs(client, f"/people/{her.pk}/")
    assert list(offered) == ["打电话", "记看望", "报事", "填表"]
    form = client.get(offered["报事"]).context["form"]
    assert form["name"].value() == "虞阿香"
    assert form["where"].value() == "东方丽都1幢101室"
    given = {name: form[name].value() or "" for name in form.fields if name != "confidential"}
    answer = client.post(offered["报事"], given | {"text": "楼道灯坏了"})
    assert answer.status_code == 302
    assert "楼道灯坏了" in client.get(f"/people/{her.pk}/").content.decode()
    assert client.get(offered["打电话"]).status_code == 200
    assert client.get(offered["记看望"]).context["person"] == her
    assert client.get(offered["填表"]).status_code == 200


def test_a_lift_is_reported_inspected_and_its_maintainer_called(
    station: Station, lift: Facility
) -> None:
    client, there = as_user(station.worker), f"/facilities/{lift.pk}/"
    offered = verbs(client, there)
    assert list(offered) == ["记检验", "报修", "打维保"]
    assert offered["打维保"] == "tel:14300001007"
    form = client.get(offered["报修"]).context["form"]
    assert (form["where"].value(), form["spot"].value()) == ("东方丽都1幢", "东侧客梯（LT0090001）")
    given = {name: form[name].value() or "" for name in form.fields if name != "confidential"}
    assert client.post(offered["报修"], given | {"text": "不停三楼"}).status_code == 302
    with system_scope("test"):
        case = Case.objects.select_related("place").get()
    assert (case.place.name, case.spot) == ("1幢", "东侧客梯（LT0090001）")
    done = {"done_on": "2026-11-29", "result": "合格"}
    assert client.post(offered["记检验"], done).status_code == 302
    with system_scope("test"):
        assert Duty.objects.get().due_on == date(2027, 12, 24)


def test_a_place_is_reported_told_walked_and_canvassed(station: Station) -> None:
    client, town = as_user(station.secretary), station.town
    offered = verbs(client, f"/places/{town.building('1').pk}/")
    assert list(offered) == ["报事", "通知", "走一遍", "挨户走访", "打印报事码"]
    assert client.get(offered["报事"]).context["form"]["where"].value() == "东方丽都1幢"
    assert client.get(offered["通知"]).context["form"]["audience"].value() == "东方丽都1幢"
    assert client.get(offered["走一遍"]).status_code == 200
    assert f'value="{town.building("1").pk}"' in client.get(offered["挨户走访"]).content.decode()
    assert client.get(offered["打印报事码"]).status_code == 200
    page = client.get(f"/places/{town.building('1').pk}/").content.decode()
    bar = page[page.index('class="verbs') :]
    # Four stand there, the others under 更多.
    assert bar.index("挨户走访") < bar.index("更多") < bar.index("打印报事码")


def test_nobody_is_offered_what_their_post_may_not_do(
    station: Station, her: Person, lift: Facility
) -> None:
    manager = as_user(a_user("wuye", "property_manager", station.town.estate))
    assert "挨户走访" not in verbs(manager, f"/places/{station.town.building('1').pk}/")
    assert list(verbs(manager, f"/facilities/{lift.pk}/")) == ["记检验", "报修", "打维保"]
    lead = as_user(a_user("lead", "micro_grid_lead", station.town.buildings["1"]))
    assert "打电话" not in verbs(lead, f"/people/{her.pk}/")
    # What is above the post may be named on its page, and is not theirs to act on.
    for words, href in verbs(manager, f"/places/{station.town.home('1', '101').pk}/").items():
        assert manager.get(href).status_code == 200, words


def test_a_record_that_ended_offers_nothing(station: Station, lift: Facility) -> None:
    client = as_user(station.worker)
    assert client.post(f"/facilities/{lift.pk}/end/", {"why": "拆除了"}).status_code == 302
    assert verbs(client, f"/facilities/{lift.pk}/") == {}
