"""An office draws the plan of an estate in minutes, colours it, corrects it, brings a file."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from linli.capabilities.place_pages.outlines.building_match import (
    LARGEST_FILE,
    matched,
    read_outlines,
)
from linli.core.errors import NotFound, Refused
from linli.core.scope import Scope, system_scope, use_scope
from linli.register.places.actions import end_place, move_place
from linli.register.places.bulk import Spec, create_tree
from linli.register.places.models import Place, PlanPosition
from linli.register.places.plan_layout import LARGEST_GRID, PlanCell, in_rows, overlapping
from linli.register.places.plans import draw_plan, standing_buildings
from linli.workbench.journal.models import JournalEntry
from tests.browser import Visitor
from tests.edits import choices_of, edit, opened, save
from tests.people import Subdistrict, a_person, a_subdistrict, a_user, by_the_system, working_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(db: None) -> Subdistrict:
    return with_people()


@pytest.fixture
def here_live(transactional_db: None) -> Subdistrict:
    return with_people()


def with_people() -> Subdistrict:
    """Three old people in 1幢, one in 2幢, nobody in 10幢; a neighbour in another community."""
    made = a_subdistrict(floors=3, doors=2)
    with system_scope("a third building"):
        spec = Spec("building", "10幢", [Spec("dwelling", "101室", facts={"door": "101"})])
        create_tree(parent=made.grids[1], specs=[spec], by=None)
        made.buildings["10"] = Place.objects.get(name="10幢")
    for door in ("101", "201", "301"):
        a_person(made.home("1", door), f"虞阿香{door}", aged=92)
    a_person(made.home("2", "101"), "邬根发", aged=85)
    a_person(made.home("2", "102"), "邬小妹", aged=5)
    a_person(made.home("9", "101"), "金丝雀", aged=95)
    return made


def signed_in_as(role: str, place: Place, name: str = "") -> Client:
    client = Client()
    client.force_login(
        a_user(name or role.replace("_", "-"), role, place),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


def html(answer: Any) -> str:
    return str(answer.content.decode())


def at(place: Place, verb: str = "") -> str:
    return f"/places/{place.pk}/plan/{verb}"


def placed(here: Subdistrict) -> dict[str, str]:
    """Where each building stands, by its name."""
    with system_scope("test"):
        rows = PlanPosition.objects.select_related("place").order_by("pk")
        return {row.place.name: f"{row.x},{row.y},{row.width},{row.height}" for row in rows}


def box(here: Subdistrict, number: str, x: int, y: int, width: int = 2) -> dict[str, str]:
    """Type where a building stands."""
    key = f"at_{here.building(number).pk}"
    return {
        f"{key}_x": f"{x}",
        f"{key}_y": f"{y}",
        f"{key}_width": f"{width}",
        f"{key}_height": "1",
    }


def numbers_on(answer: Any) -> dict[str, str]:
    """What the plan says of each building."""
    found = re.findall(
        r'plan-name"[^>]*>([^<]+)</text>\s*<text class="plan-text"[^>]*>([^<]+)<', html(answer)
    )
    return dict(found)


def test_a_plan_is_drawn_in_rows_with_one_tap_and_then_corrected(here: Subdistrict) -> None:
    client = signed_in_as("secretary", here.community)
    seen = html(client.get(f"/places/{here.estate.pk}/"))
    assert "画平面图" in seen
    assert "3幢楼从上面看" in seen, "without a plan they stand in rows all the same"
    assert edit(client, at(here.estate, "draw/")).status_code == 302
    assert placed(here) == {"1幢": "1,1,2,1", "2幢": "3,1,2,1", "10幢": "1,3,2,1"}
    done = edit(client, at(here.estate, "draw/"), box(here, "10", 6, 5, 3), follow=True)
    assert placed(here)["10幢"] == "6,5,3,1"
    undo = re.search(r"/places/\d+/plan/undo/\d+/", html(done))
    assert undo
    client.post(undo.group())
    assert placed(here)["10幢"] == "1,3,2,1"
    late = client.post(undo.group(), follow=True)
    assert "没有撤回" in html(late), "it was drawn again since"
    with system_scope("test"):
        assert JournalEntry.objects.filter(kind="place.plan_drawn").count() == 3


def test_the_colours_count_what_the_list_counts(here: Subdistrict) -> None:
    client = signed_in_as("secretary", here.community)
    plain = client.get(at(here.estate))
    assert numbers_on(plain) == {"1幢": "3人", "2幢": "2人", "10幢": "0人"}
    asked = client.get(at(here.estate), {"q": "80岁以上"})
    assert numbers_on(asked) == {"1幢": "3人", "2幢": "1人", "10幢": "0人"}
    assert "<strong>4</strong> 人" in html(asked)
    for tone in ("is-none", "is-low", "is-high"):
        assert f"plan-house {tone}" in html(asked)
    assert html(asked).count("plan-bar") == 4, "one bar and three: never colour alone"
    listed = re.search(r'href="(/ask/[^"]+)">.{0,400}看名单', html(asked), re.DOTALL)
    assert listed
    assert "4" in re.findall(
        r"<strong>(\d+)</strong>", html(client.get(listed.group(1).replace("&amp;", "&")))
    )
    part = client.get(at(here.estate), {"q": "儿童"}, headers={"HX-Target": "seen"})
    assert "<html" not in html(part)
    assert numbers_on(part)["2幢"] == "1人"


def test_who_sees_a_part_sees_its_part(here: Subdistrict) -> None:
    with working_as("secretary", here.community.path):
        draw_plan(estate=here.estate, cells=rows_of(here), by=None)
    worker = signed_in_as("grid_worker", here.grids[0])
    assert worker.get(at(here.estate)).status_code == 404
    mine = worker.get(at(here.grids[0]))
    assert set(numbers_on(mine)) == {"1幢", "2幢"}
    assert worker.get(at(here.estate, "draw/")).status_code == 404
    neighbour = signed_in_as("secretary", here.next_community, "neighbour")
    for verb in ("", "draw/", "outlines/", "undo/1/"):
        answer = (
            neighbour.post(at(here.estate, verb))
            if "undo" in verb
            else neighbour.get(at(here.estate, verb))
        )
        assert answer.status_code == 404
    manager = signed_in_as("property_manager", here.estate)
    assert "3人" not in numbers_on(manager.get(at(here.estate))).values(), (
        "they may not list who lives there"
    )
    refused = manager.get(at(here.estate), {"q": "80岁以上"})
    assert refused.status_code == 422
    assert "plan-bar" not in html(refused)


def rows_of(here: Subdistrict) -> dict[int, PlanCell]:
    return in_rows([one.pk for one in standing_buildings(here.estate)])


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"x": "0"}, "出了格子"),
        ({"x": "60"}, "出了格子"),
        ({"x": "第三"}, "请填从1到60的数字"),
        ({"height": ""}, "列、行、宽、高都要填"),
        ({"x": "1"}, "叠在一起"),
    ],
)
def test_what_cannot_be_drawn_is_refused_and_nothing_typed_is_lost(
    here: Subdistrict, typed: dict[str, str], words: str
) -> None:
    client = signed_in_as("secretary", here.community)
    key = f"at_{here.building('2').pk}"
    answer = edit(
        client, at(here.estate, "draw/"), {f"{key}_{part}": value for part, value in typed.items()}
    )
    assert answer.status_code == 422
    assert words in html(answer)
    for part, value in typed.items():
        assert re.search(rf'name="{key}_{part}"( value="{value}")?', html(answer))
    assert placed(here) == {}


@pytest.mark.postgres
def test_the_database_refuses_what_lies_off_the_grid(here: Subdistrict) -> None:
    home = here.building("1")
    row = {
        "place_id": home.pk,
        "scope_path": home.path,
        "estate": here.estate,
        "width": 2,
        "height": 1,
    }
    for x, y in ((0, 1), (1, 0), (LARGEST_GRID, 1), (1, LARGEST_GRID + 1)):
        with by_the_system(), pytest.raises(IntegrityError), transaction.atomic():
            PlanPosition.objects.bulk_create([PlanPosition(**row, x=x, y=y)])
    with by_the_system():
        PlanPosition.objects.bulk_create([PlanPosition(**row, x=1, y=1)])
        other = here.building("2")
        twin = {**row, "place_id": other.pk, "scope_path": other.path}
        with pytest.raises(IntegrityError), transaction.atomic():
            PlanPosition.objects.bulk_create([PlanPosition(**twin, x=1, y=1)])


@pytest.mark.postgres
def test_two_who_draw_at_once_overwrite_nothing(here: Subdistrict) -> None:
    first = signed_in_as("secretary", here.community)
    second = signed_in_as("community_worker", here.community)
    edit(first, at(here.estate, "draw/"))
    page, other = opened(first, at(here.estate, "draw/")), opened(second, at(here.estate, "draw/"))
    assert save(first, at(here.estate, "draw/"), page, **box(here, "1", 1, 8)).status_code == 302
    assert save(second, at(here.estate, "draw/"), other, **box(here, "2", 9, 1)).status_code == 302
    assert placed(here) == {"1幢": "1,8,2,1", "2幢": "9,1,2,1", "10幢": "1,3,2,1"}
    both = save(second, at(here.estate, "draw/"), other, **box(here, "1", 5, 5))
    assert both.status_code == 409
    assert "第1列第8行，宽2高1" in html(both)
    assert f"at_{here.building('1').pk}" in "".join(choices_of(both))
    assert placed(here)["1幢"] == "1,8,2,1"


@pytest.mark.postgres
def test_a_building_that_ends_or_moves_away_leaves_the_plan(here: Subdistrict) -> None:
    with working_as("secretary", here.community.path):
        draw_plan(estate=here.estate, cells=rows_of(here), by=None)
        move_place(place=here.building("2"), to=here.grids[1], reason="调整", by=None)
    assert "2幢" in placed(here), "within the estate it stays where it stands"
    with working_as("secretary", here.community.path):
        end_place(place=here.building("10"), reason="拆了", by=None)
        fresh = Place.objects.get(pk=here.building("2").pk)
        move_place(place=fresh, to=here.community, reason="不在小区里", by=None)
    assert set(placed(here)) == {"1幢"}


def test_only_buildings_of_the_estate_are_drawn(here: Subdistrict) -> None:
    with working_as("secretary", here.community.path), pytest.raises(NotFound):
        draw_plan(estate=here.estate, cells={here.building("9").pk: PlanCell(1, 1)}, by=None)
    with working_as("secretary", here.community.path), pytest.raises(Refused, match="别人改了"):
        draw_plan(estate=here.estate, cells={}, seen={1: PlanCell(1, 1)}, by=None)


def test_rows_of_any_number_fit_and_keep_apart() -> None:
    for many in (1, 2, 7, 60, 200):
        cells = in_rows(list(range(many)))
        assert len(cells) == many
        assert not list(overlapping(cells))
        assert all(cell.fits for cell in cells.values())
    below = in_rows([1, 2], [PlanCell(1, 50, 2, 4)])
    assert all(cell.y > 53 and cell.fits for cell in below.values())


# Files of map programs ------------------------------------------------------------------------


def feature(name: str, east: float, north: float, **more: Any) -> dict[str, Any]:
    """A house of 40 by 12 metres."""
    wide, high = 0.00042, 0.00011
    ring = [
        [east, north],
        [east + wide, north],
        [east + wide, north + high],
        [east, north + high],
        [east, north],
    ]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"name": name, **more}, "geometry": geometry}


def collection(*features: dict[str, Any]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


GOOD = collection(
    feature("6号楼", 121.58, 29.82),
    feature("东方丽都1号楼", 121.58, 29.8210),
    feature("二栋", 121.5810, 29.8210),
    feature("10#楼", 121.5810, 29.8200),
    feature("金桥花园1号楼", 121.5815, 29.8200),
    feature("", 121.5820, 29.8200),
)


def test_a_map_file_is_seen_before_it_is_drawn(here: Subdistrict) -> None:
    client = signed_in_as("secretary", here.community)
    address = at(here.estate, "outlines/")
    seen = client.post(address, {"file": SimpleUploadedFile("楼.geojson", GOOD)})
    assert seen.status_code == 200
    said = html(seen)
    assert "<strong>3</strong> 幢对上了" in said
    for words in ("这个小区没有这幢楼", "写着“金桥花园”，不像这个小区的", "没有名称或楼号"):
        assert words in said, words
    assert placed(here) == {}, "nothing is drawn yet"
    kept = re.search(r'name="plan" value="([^"]+)"', said)
    assert kept
    assert client.post(address, {"plan": kept.group(1)}).status_code == 302
    now = placed(here)
    one, two, ten = (PlanCell(*map(int, now[name].split(","))) for name in ("1幢", "2幢", "10幢"))
    assert one.y == two.y < ten.y, "north is above"
    assert one.x < two.x == ten.x, "east is on the right"
    again = client.post(address, {"plan": kept.group(1)})
    assert again.status_code == 422
    assert "别人改了平面图" in html(again)
    assert client.post(address, {"plan": "made-up"}).status_code == 422


BAD = {
    "not json": (b"PK\x03\x04", "这不是GeoJSON文件"),
    "nan": (b'{"features": [{"geometry": NaN}]}', "这不是GeoJSON文件"),
    "too big": (b" " * (LARGEST_FILE + 1), "超过2MB"),
    "too deep": (b"[" * 100_000, "套得太深"),
    "points": (
        b'{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry":'
        b' {"type": "Point", "coordinates": [121, 29]}}]}',
        "没有楼栋的轮廓",
    ),
    "a list": (b"[1, 2]", "没有楼栋的轮廓"),
    "metres": (collection(feature("1幢", 40_512_345.0, 3_301_234.0)), "不在经纬度的范围里"),
    "words": (
        b'{"type": "Feature", "geometry": {"type": "Polygon",'
        b' "coordinates": [[["a", 1], [2, 3], [4, 5], [6, 7]]]}}',
        "坐标写错了",
    ),
    "a whole city": (
        collection(feature("1幢", 121.5, 29.8), feature("2幢", 121.9, 29.8)),
        "5公里以上",
    ),
    "others": (collection(feature("77幢", 121.5, 29.8)), "没有一个对得上"),
    "empty": (b"", "这不是GeoJSON文件"),
}


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_map_file_is_refused_in_words(here: Subdistrict, bad: str) -> None:
    data, words = BAD[bad]
    client = signed_in_as("secretary", here.community)
    answer = client.post(at(here.estate, "outlines/"), {"file": SimpleUploadedFile("x.json", data)})
    assert answer.status_code == 422
    assert words in html(answer)
    assert placed(here) == {}


def test_houses_that_touch_are_kept_apart_or_named(here: Subdistrict) -> None:
    near = collection(*(feature(f"{n}幢", 121.58 + n * 0.00043, 29.82) for n in (1, 2, 10)))
    with use_scope(Scope((here.community.path,), "secretary")):
        houses = standing_buildings(here.estate)
        found = matched(read_outlines(near), here.estate, houses)
        assert not list(overlapping(found.cells))
        assert len(found.cells) == 3
        same = collection(*(feature(f"{n}幢", 121.58, 29.82) for n in (1, 2, 10)))
        found = matched(read_outlines(same), here.estate, houses)
    assert len(found.cells) == 1
    assert [why for _name, why in found.left_out] == ["和旁边的楼挨得太近，分不开格子"] * 2
    assert {cells.pk for cells in found.missing} | set(found.cells) == {one.pk for one in houses}


@pytest.mark.browser
def test_by_keyboard_a_building_is_moved_and_a_door_opens_beside(
    browser_page: Visitor, here_live: Subdistrict
) -> None:
    visitor = browser_page
    visitor.sign_in(a_user("linfang", "secretary", here_live.community))
    visitor.open(f"/places/{here_live.estate.pk}/")
    visitor.open(at(here_live.estate, "draw/"))
    page = visitor.page
    key = here_live.building("10").pk
    page.focus(f'.plan-house[data-key="{key}"]')
    for press in ("ArrowRight", "ArrowRight", "ArrowDown", "Shift+ArrowRight"):
        page.keyboard.press(press)
    page.click("button[type=submit].btn-primary")
    page.wait_for_load_state("load")
    visitor.check()
    assert placed(here_live)["10幢"] == "3,4,3,1"
    visitor.open(at(here_live.estate) + "?q=80岁以上")
    page.focus("a.plan-house >> nth=0")
    page.keyboard.press("ArrowRight")
    assert "2幢" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("ArrowDown")
    assert "10幢" in page.evaluate("document.activeElement.textContent")
    visitor.open(at(here_live.estate, "outlines/"))
    visitor.open(f"/places/{here_live.building('1').pk}/?q=80岁以上")
    door = page.locator("a.door.is-on").first
    door.focus()
    page.keyboard.press("Enter")
    if page.viewport_size["width"] < 1200:
        page.wait_for_url(f"**/places/{here_live.home('1', '301').pk}/")
        return
    page.wait_for_selector(".beside-title")
    assert "虞阿香301" in page.inner_text("#beside")
    visitor.check()
    page.keyboard.press("Escape")
    assert door.evaluate("one => one === document.activeElement")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent").strip().startswith("201")
