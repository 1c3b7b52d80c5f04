"""The age pyramid of a place: every half opens its people; who may not ask sees none."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from linli.capabilities.place_pages.queries.pyramid import pyramid_of
from linli.core.actions import writes_allowed
from linli.core.scope import system_scope
from linli.register.people.models import Person
from linli.register.places.queries import place_or_not_found
from tests.people import Subdistrict, a_person, a_subdistrict, a_user, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def town() -> Subdistrict:
    made = a_subdistrict()
    home = made.home("1", "101")
    for name, age in (
        ("虞阿香", 92),
        ("邬根发", 90),
        ("虞八九", 89),
        ("虞中年", 41),
        ("虞小宝", 5),
    ):
        a_person(home, name, aged=age)
    with system_scope("test"), writes_allowed("test"):
        Person.objects.filter(name__in=["邬根发", "虞小宝"]).update(sex="1")
        Person.objects.filter(name__in=["虞阿香", "虞八九"]).update(sex="2")
        Person.objects.filter(name="虞中年").update(sex="")
    return made


def test_every_half_opens_as_many_people_as_it_says(town: Subdistrict) -> None:
    client = Client()
    client.force_login(a_user("shuji", "secretary", town.community))
    page = client.get(f"/places/{town.community.pk}/").content.decode()
    picture = page.split('class="pyramid"')[1].split("</figure>")[0]
    halves = re.findall(r'<a href="([^"]+)" aria-label="(\S+) (\S) (\d+)人"', picture)
    assert [half[1:] for half in halves] == [
        ("90+", "男", "1"),
        ("90+", "女", "1"),
        ("80–89", "女", "1"),
        ("0–9", "男", "1"),
    ]
    beside = re.findall(r'class="chip" href="([^"]+)">年龄或性别没填 (\d+)人', picture)
    assert [n for _href, n in beside] == ["1"]
    for href, number in [(half[0], half[3]) for half in halves] + beside:
        answer = client.get(unescape(href))
        assert answer.context["total"] == int(number), unescape(href)
    assert "合计 5人" in page


def test_who_may_not_list_them_or_sees_no_children_learns_nothing_more(town: Subdistrict) -> None:
    def drawn(role: str, path: str) -> str:
        with working_as(role, path):
            return str(pyramid_of(place_or_not_found(town.grids[0].pk)))

    path = town.grids[0].path
    assert drawn("property_manager", path) == "None"
    bands = drawn("micro_grid_lead", path)
    child = re.search(r"label='0–9', left=Amount\(value=(\d+)", bands)
    assert bands == "None" or (child is not None and child.group(1) == "0")
    child = re.search(r"label='0–9', left=Amount\(value=(\d+)", drawn("grid_worker", path))
    assert child is not None
    assert child.group(1) == "1"


def test_of_a_building_or_a_street_no_ages_are_drawn(town: Subdistrict) -> None:
    with working_as("subdistrict_officer", town.town.path):
        assert pyramid_of(place_or_not_found(town.building("1").pk)) is None
        assert pyramid_of(place_or_not_found(town.town.pk)) is None
