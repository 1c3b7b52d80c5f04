"""One search finds everything by whatever one knows of it, and nothing that one may not see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client

from linli.capabilities.cases.actions import RegisteredReport
from linli.capabilities.cases.actions.register import Reporter
from linli.capabilities.cases.tests.builders import Station, a_case, a_station
from linli.core.errors import Refused
from linli.core.interface import shell
from linli.core.scope import system_scope
from linli.faces.web import search
from linli.register.facilities.actions import NewFacility, add_facilities
from linli.register.facilities.models import Facility
from linli.register.parties.actions import ContactFacts, add_contact, add_party
from linli.register.people.models import Person
from linli.register.posts.models import User
from linli.workbench.read_budget.models import ReadPerson
from tests.people import a_person, a_user, working_as

NONSENSE = "嚞嚞"
PAIR = ("虞阿香", NONSENSE)
OUTSIDERS = (
    "secretary",
    "community_worker",
    "grid_worker",
    "micro_grid_lead",
    "property_manager",
    "auditor",
)


@dataclass
class World:
    """殷家社区 with a resident, a case, a lift and who maintains it."""

    station: Station
    her: Person
    taken: RegisteredReport
    lift: Facility

    @property
    def number(self) -> str:
        """Return the number of the case."""
        return self.taken.case.number


@pytest.fixture
def world(db: None, time_machine: Any) -> World:
    time_machine.move_to("2026-11-30 10:00+08:00", tick=False)
    station = a_station()
    town = station.town
    with system_scope("set up a test"):
        her = a_person(town.home("1", "101"), "虞阿香", phone="13800001234")
        lift = add_facilities(
            facilities=[NewFacility(town.building("1"), "电梯", "东侧客梯", "LT0090001")], by=None
        )[0]
        party = add_party(place=town.community, name="明州维保公司", kind="维保", by=None)
        add_contact(party=party, facts=ContactFacts("邬师傅", "夜班", "13900005678"), by=None)
    reporter = Reporter(name="陈阿姨", phone="13700007788")
    taken = a_case(station, reporter=reporter, category=station.noise)
    return World(station, her, taken, lift)


def as_user(user: User) -> Client:
    """Sign somebody in."""
    client = Client()
    with system_scope("test"):
        client.force_login(User.objects.get(pk=user.pk))
    return client


def found(client: Client, words: str) -> str:
    """Return what stands below the form on the page of a search."""
    answer = client.get("/find/", {"q": words})
    assert answer.status_code == 200
    page = unquote(answer.content.decode())
    return page[page.index("<main") : page.index("</main>")]


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("words", "there"),
    [
        ("阿香", "虞阿香"),
        ("yuaxiang", "虞阿香"),
        ("yax", "虞阿香"),
        ("东方丽都一幢101", "1幢101室"),
        ("1-101", "1幢101室"),
        ("dongfang", "东方丽都"),
        ("装修", "三楼半夜装修"),
        ("噪音扰民", "三楼半夜装修"),
        ("陈阿姨", "三楼半夜装修"),
        ("7788", "三楼半夜装修"),
        ("LT0090001", "东侧客梯"),
        ("客梯", "东侧客梯"),
        ("明州", "明州维保公司"),
        ("邬师傅", "明州维保公司"),
        ("吹哨", "到期提醒"),
        ("敲门", "走户"),
        ("daoqi", "到期提醒"),
        ("规则一览", "规则一览"),
    ],
)
def test_a_word_finds_its_thing(world: World, words: str, there: str) -> None:
    page = found(as_user(world.station.secretary), words)
    assert there in page
    assert f"按条件查：{words}" in page
    assert there not in found(as_user(world.station.secretary), NONSENSE)


def test_a_case_is_found_by_its_numbers_and_their_beginning(world: World) -> None:
    client, title = as_user(world.station.secretary), "三楼半夜装修"
    begin = world.number.partition("-")[0]
    for words in (world.number, f"{begin}-", begin, world.taken.tracking):
        assert title in found(client, words), words
    for words in ("261129-", f"261129-{world.taken.case.pk}", "991399-1"):
        assert title not in found(client, words), words


def test_what_names_a_thing_alone_stands_first_and_takes_enter(world: World) -> None:
    with working_as("secretary", world.station.town.community.path) as scope:
        first = search.found("LT0090001", scope).groups[0].rows[0]
        assert (first.number, first.hit.label, first.hit.is_sure) == (0, "东侧客梯", True)
        for number in (world.number, world.taken.tracking):
            first = search.found(number, scope).groups[0].rows[0]
            assert (first.hit.label, first.hit.is_sure) == (world.taken.case.title, True)
        # A word in the middle of a title is no name.
        assert not search.found("装修", scope).groups[0].is_sure


@pytest.mark.postgres
@pytest.mark.parametrize("role", OUTSIDERS)
def test_next_door_finds_nothing_and_cannot_tell_it_from_nonsense(world: World, role: str) -> None:
    user = a_user(f"next-{role}", role, world.station.town.next_community)
    client = as_user(user)
    nothing = found(client, NONSENSE)
    words = ("虞阿香", "装修", "陈阿姨", world.number, "LT0090001", "明州", "噪音扰民", "1-101")
    for asked in words:
        assert found(client, asked).replace(asked, NONSENSE) == nothing, asked
    assert "装修" not in found(client, world.taken.tracking)
    parts = [unquote(client.get("/find/part/", {"q": q}).content.decode()) for q in PAIR]
    assert parts[0].replace(PAIR[0], PAIR[1]) == parts[1]


def test_a_source_that_looked_past_the_scope_would_be_seen(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of the test above."""

    def everybody(words: str, limit: int) -> shell.SearchHits:
        with system_scope("test"):
            rows = Person.objects.filter(name__contains=words)
            return shell.first_hits(rows, limit, lambda one: shell.SearchHit(one.name, "/"))

    source = shell.Source("leak", "人", everybody, None, 1)
    monkeypatch.setitem(shell.search_sources._all, "leak", source)
    client = as_user(a_user("next", "secretary", world.station.town.next_community))
    assert found(client, "虞阿香").replace("虞阿香", NONSENSE) != found(client, NONSENSE)


def test_numbers_of_people_are_asked_for_with_a_purpose_and_shown_to_nobody(world: World) -> None:
    client = as_user(world.station.secretary)
    for words in ("13800001234", "1234"):
        page = found(client, words)
        assert "查这个号码是谁的" in page
        assert "虞阿香" not in page
    assert "13800001234" not in found(client, "阿香")
    # Whose private number it is, nobody finds by it; a door is no number.
    assert "邬师傅" not in found(client, "13900005678")
    assert "查这个号码是谁的" not in found(client, "1-101")
    lead = as_user(a_user("lead", "micro_grid_lead", world.station.town.community))
    assert "查这个号码是谁的" not in found(lead, "1234")


def test_a_property_manager_finds_places_and_no_person(world: World) -> None:
    client = as_user(a_user("wuye", "property_manager", world.station.town.estate))
    assert "虞阿香" not in found(client, "阿香")
    assert "1幢101室" in found(client, "1-101")
    assert "三楼半夜装修" not in found(client, "装修")


def test_a_confidential_case_is_found_by_who_may_read_it(world: World) -> None:
    a_case(world.station, "夜里打人", category=world.station.violence)
    assert "夜里打人" in found(as_user(world.station.secretary), "打人")
    assert "夜里打人" not in found(as_user(world.station.worker), "打人")


def test_five_stand_in_a_group_and_the_number_opens_all(world: World) -> None:
    for n in range(1, 7):
        a_case(world.station, f"第{n}次漏水", place=world.station.town.building("2"))
    client = as_user(world.station.secretary)
    page = found(client, "漏水")
    assert page.count("次漏水") == 10  # five cases and the tasks of five
    assert page.count("全部6个") == 2
    alone = client.get("/find/", {"q": "漏水", "only": "cases.all"}).content.decode()
    assert alone.count("次漏水") == 6


def test_only_who_is_shown_counts_against_the_days_reading(world: World) -> None:
    town = world.station.town
    with system_scope("set up a test"):
        for n in range(6):
            a_person(town.home("2", "101"), f"邬根发{'甲乙丙丁戊己'[n]}")
    found(as_user(world.station.secretary), "邬根发")
    with system_scope("test"):
        assert ReadPerson.objects.count() == 5


def test_who_has_read_enough_today_still_finds_everything_else(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def used_up(*_args: Any, **_given: Any) -> None:
        raise Refused("read.budget_used_up", "今天看的人到了上限")

    monkeypatch.setattr("linli.capabilities.residents.search_source.note_read", used_up)
    page = found(as_user(world.station.secretary), "东方丽都")
    assert "今天看的人到了上限" in page
    assert "东方丽都1幢" in page


def test_nothing_typed_too_little_typed_nothing_found_no_post(world: World) -> None:
    client = as_user(world.station.secretary)
    assert "可以写" in found(client, "")
    assert "再多打一个字" in found(client, "a")
    assert "没有找到" in found(client, NONSENSE)
    with system_scope("set up a test"):
        nobody = User.objects.create(username="nobody", name="无岗")
    assert as_user(nobody).get("/find/", {"q": "阿香"}).status_code == 403
    assert Client().get("/find/", {"q": "阿香"}).status_code == 302
