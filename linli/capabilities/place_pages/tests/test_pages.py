"""Someone new on the job looks from the street down to one door, and adds a building."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from linli.capabilities.place_pages.queries.counts import care_counts
from linli.core.scope import system_scope
from linli.register.places.models import Dwelling, Place
from linli.workbench.conditions import queries as conditions
from linli.workbench.journal.models import JournalEntry
from tests.browser import Visitor
from tests.edits import edit
from tests.people import Subdistrict, a_person, a_subdistrict, a_user, working_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(db: None) -> Subdistrict:
    return with_people()


@pytest.fixture
def here_live(transactional_db: None) -> Subdistrict:
    return with_people()


def with_people() -> Subdistrict:
    """虞阿香, 92, alone in 1幢301; a family of two in 1幢101; 金丝雀 next door in 9幢."""
    made = a_subdistrict(floors=3, doors=2)
    a_person(made.home("1", "301"), "虞阿香", aged=92)
    father = a_person(made.home("1", "101"), "邬根发", aged=61, relation_to_head="0")
    a_person(made.home("1", "101"), "邬小妹", aged=5, household=father.household)
    a_person(made.home("9", "101"), "金丝雀", aged=95)
    return made


def signed_in_as(role: str, place: Place) -> Client:
    client = Client()
    client.force_login(
        a_user(role.replace("_", "-"), role, place),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


def html(answer: Any) -> str:
    return str(answer.content.decode())


def at(place: Place, verb: str = "") -> str:
    return f"/places/{place.pk}/{verb}"


def test_a_community_at_a_glance(here: Subdistrict) -> None:
    said = html(signed_in_as("secretary", here.community).get("/places/"))
    assert "殷家社区" in said
    assert "东方丽都" in said
    for label in ("居民", "住户", "80岁以上", "独居老人", "半年没有核实"):
        assert label in said
    assert "潘火社区" not in said, "the neighbours are somebody else's"


def test_a_figure_leads_to_the_list_of_as_many(here: Subdistrict) -> None:
    with working_as("secretary", here.community.path):
        counted = care_counts(here.community)
        asked = [conditions.ask(one.sentence) for one in counted]
        assert [conditions.count(one.condition) for one in asked] == [c.count for c in counted]
        assert not [one.unknown for one in asked if one.unknown]
        assert {str(one.label): one.count for one in counted}["80岁以上"] == 1


def test_who_gives_no_care_sees_no_care_figures(here: Subdistrict) -> None:
    said = html(signed_in_as("property_manager", here.estate).get("/places/"))
    assert "关心的人" not in said  # of what they may not ask they are told no figure
    assert "80岁以上" not in said
    assert "残疾人" not in said
    assert "慢性病" not in said


def test_a_building_from_the_front_with_a_condition(here: Subdistrict) -> None:
    client = signed_in_as("community_worker", here.community)
    plain = html(client.get(at(here.building("1"))))
    assert plain.count('class="door') >= 6
    assert "没有人住" in plain
    asked = html(client.get(at(here.building("1")), {"q": "90岁以上独居"}))
    assert "<strong>1</strong> 人" in asked
    assert "年龄≥90岁" in asked
    assert asked.count('"door is-on" href') == 1
    saved = {"subject": "person", "where": {"field": "child", "op": "eq", "value": True}}
    assert "<strong>1</strong> 人" in html(
        client.get(at(here.building("1")), {"condition": json.dumps(saved)})
    )


def test_the_live_part_alone_answers_htmx(here: Subdistrict) -> None:
    client = signed_in_as("community_worker", here.community)
    part = html(client.get(at(here.building("1")), {"q": "儿童"}, headers={"HX-Target": "seen"}))
    assert "<html" not in part
    assert "is-on" in part


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"q": "紫色大象"}, "没有看懂"),
        ({"q": "80岁以上紫色大象"}, "没有看懂"),
        ({"condition": "{"}, "看不懂这个条件"),
        ({"condition": '{"subject": "person", "where": {"field": "no", "op": "eq"}}'}, "没有"),
        ({"q": "长" * 300}, "太长"),
    ],
)
def test_what_is_not_understood_is_said(
    here: Subdistrict, asked: dict[str, str], words: str
) -> None:
    answer = signed_in_as("community_worker", here.community).get(at(here.building("1")), asked)
    assert answer.status_code == 422
    assert words in html(answer)
    assert 'class="door' in html(answer), "the building still stands there"


def test_a_condition_hidden_from_the_post_colours_nothing(here: Subdistrict) -> None:
    manager = signed_in_as("property_manager", here.estate)
    answer = manager.get(at(here.building("1")), {"q": "残疾人"})
    assert answer.status_code == 422
    assert 'is-on" href' not in html(answer)


def test_who_lives_behind_a_door(here: Subdistrict) -> None:
    client = signed_in_as("grid_worker", here.grids[0])
    said = html(client.get(at(here.home("1", "101"))))
    assert said.index("邬根发") < said.index("邬小妹"), "the head first"
    assert "没有人住" in html(client.get(at(here.home("1", "102"))))


def test_out_of_scope_is_not_there(here: Subdistrict) -> None:
    client = signed_in_as("grid_worker", here.grids[0])
    for place in (here.building("9"), here.grids[1], here.community, here.town):
        assert client.get(at(place)).status_code == 404, place
    assert signed_in_as("auditor", here.town).get("/places/").status_code == 404


def test_verbs_are_shown_to_those_who_may(here: Subdistrict) -> None:
    building = here.building("1")
    worker = signed_in_as("community_worker", here.community)
    secretary = signed_in_as("secretary", here.community)
    grid = signed_in_as("grid_worker", here.grids[0])
    assert at(building, "rename/") in html(worker.get(at(building)))
    assert at(building, "move/") not in html(worker.get(at(building)))
    assert worker.get(at(building, "move/")).status_code == 404
    assert at(building, "move/") in html(secretary.get(at(building)))
    assert at(building, "rename/") not in html(grid.get(at(building)))
    assert grid.get(at(building, "rename/")).status_code == 404


def test_a_whole_building_is_seen_before_it_is_made_and_can_be_taken_back(
    here: Subdistrict,
) -> None:
    client = signed_in_as("community_worker", here.community)
    form = {
        "name": "3幢",
        "floors": "18",
        "doors_a_floor": "4",
        "entrances": "2",
        "numbering": "floor",
        "built_year": "2009",
        "has_lift": "1",
    }
    seen = html(client.post(at(here.grids[0], "add-building/"), form))
    assert "共144户" in seen
    assert "101室…1804室" in seen
    assert not made_since("3幢"), "nothing is made yet"
    done = client.post(at(here.grids[0], "add-building/"), {**form, "confirmed": "yes"})
    assert done.status_code == 302
    fresh = made_since("3幢")
    assert fresh is not None
    client.post(at(fresh, "take-back/"))
    fresh = made_since("3幢")
    assert fresh is not None
    assert fresh.ended_on is not None
    wrong = client.post(at(here.grids[0], "add-building/"), {**form, "floors": "0"})
    assert wrong.status_code == 422


def made_since(name: str) -> Place | None:
    with system_scope("test"):
        place: Place | None = Place.objects.filter(kind="building", name=name).first()
        return place


def test_a_door_that_is_there_already_is_refused_beside_its_field(here: Subdistrict) -> None:
    client = signed_in_as("community_worker", here.community)
    answer = client.post(at(here.building("1"), "add/"), {"kind": "dwelling", "name": "101"})
    assert answer.status_code == 422
    assert "“东方丽都1幢101室”已经有了" in html(answer)
    client.post(at(here.building("1"), "add/"), {"kind": "dwelling", "name": "401"})
    assert "4层" in html(client.get(at(here.building("1"))))


def test_a_door_is_named_as_its_sign(here: Subdistrict) -> None:
    client = signed_in_as("community_worker", here.community)
    for typed, name in (("402", "402室"), ("2A", "2A"), ("商铺3", "商铺3"), ("403室", "403室")):
        client.post(at(here.building("1"), "add/"), {"kind": "dwelling", "name": typed})
        with system_scope("test"):
            made = Dwelling.objects.select_related("place").get(place__name=name)
        assert made.place.address == f"东方丽都1幢{name}"
        assert made.floor == (4 if name.endswith("室") else None)


def test_a_grid_is_merged_after_a_preview_and_the_history_says_so(here: Subdistrict) -> None:
    client = signed_in_as("secretary", here.community)
    first, second = here.grids
    form = {"to": str(second.pk), "reason": "网格调整方案"}
    seen = html(client.post(at(first, "merge/"), form))
    assert "3人、2户" in seen
    assert client.post(at(first, "merge/"), {**form, "confirmed": "yes"}).status_code == 302
    history = html(client.get(at(second, "history/")))
    assert "第1网格" in history
    assert "网格调整方案" in history
    with system_scope("test"):
        assert JournalEntry.objects.filter(kind="place.merged").count() == 1


def test_a_grid_is_split_and_a_building_moved(here: Subdistrict) -> None:
    client = signed_in_as("secretary", here.community)
    form = {"name": "第3网格", "children": [str(here.building("2").pk)], "reason": "户数太多"}
    assert "2幢" in html(client.post(at(here.grids[0], "split/"), form))
    client.post(at(here.grids[0], "split/"), {**form, "confirmed": "yes"})
    form = {"to": str(here.grids[1].pk), "reason": "方便走访"}
    assert "一起过去" in html(client.post(at(here.building("1"), "move/"), form))
    client.post(at(here.building("1"), "move/"), {**form, "confirmed": "yes"})
    with system_scope("test"):
        assert Place.objects.get(pk=here.building("2").pk).parent.name == "第3网格"  # type: ignore[union-attr]
        assert Place.objects.get(pk=here.building("1").pk).parent_id == here.grids[1].pk
    wrong = client.post(
        at(here.building("1"), "move/"), {"to": str(here.next_community.pk), "reason": "x"}
    )
    assert wrong.status_code == 422, "the neighbours' community is no choice"


def test_a_lived_in_building_is_not_ended(here: Subdistrict) -> None:
    client = signed_in_as("community_worker", here.community)
    answer = client.post(at(here.building("1"), "end/"), {"reason": "拆除"})
    assert answer.status_code == 422
    assert "还有人住在这里" in html(answer)
    assert client.post(at(here.building("2"), "end/"), {"reason": "拆除"}).status_code == 302
    assert "已于" in html(client.get(at(here.building("2"))))


def test_a_building_gets_another_name_and_better_facts(here: Subdistrict) -> None:
    client = signed_in_as("community_worker", here.community)
    edit(client, at(here.building("1"), "rename/"), {"name": "甲幢"})
    edit(client, at(here.building("1"), "facts/"), {"built_year": "1998", "has_lift": "0"})
    said = html(client.get(at(here.building("1"))))
    assert "东方丽都甲幢" in said
    assert "1998" in said


@pytest.mark.browser
def test_from_the_street_to_the_door(browser_page: Visitor, here_live: Subdistrict) -> None:
    visitor = browser_page
    visitor.sign_in(a_user("linfang", "secretary", here_live.community))
    visitor.open("/places/")
    visitor.open("/places/?q=dfld")
    visitor.open(at(here_live.grids[0]))
    visitor.open(at(here_live.building("1")))
    visitor.page.fill("main input[name=q]", "90岁以上独居")
    visitor.page.wait_for_selector(".answer-count")
    visitor.check()
    visitor.page.click("a.door.is-on")
    visitor.page.wait_for_load_state("load")
    visitor.check()
    assert "虞阿香" in visitor.page.content()
    for place, verb in (
        (here_live.grids[0], "add/"),
        (here_live.grids[0], "add-building/"),
        (here_live.grids[0], "merge/"),
        (here_live.grids[0], "split/"),
        (here_live.building("1"), "move/"),
        (here_live.building("1"), "facts/"),
        (here_live.building("1"), "rename/"),
        (here_live.building("1"), "end/"),
        (here_live.building("1"), "history/"),
    ):
        visitor.open(at(place, verb))
