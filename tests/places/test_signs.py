"""A place keeps the name on its sign, and is found under the other spellings."""

from __future__ import annotations

import pytest

from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.register.places import signs
from linli.register.places.actions import (
    add_building,
    add_place,
    merge_places,
    move_place,
    split_place,
)
from linli.register.places.bulk import Spec, create_tree
from linli.register.places.models import Place
from linli.register.places.queries import find_place, search_places
from tests.people import Subdistrict, a_person, a_subdistrict, by_the_system, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
REASON = "网格调整方案第3号"


@pytest.fixture
def here(db: None) -> Subdistrict:
    return a_subdistrict()


def fresh(place: Place) -> Place:
    with system_scope("test"):
        return Place.objects.get(pk=place.pk)


@pytest.mark.parametrize(
    ("kind", "written", "name"),
    [
        ("building", "6号楼", "6号楼"),
        ("building", "6", "6幢"),
        ("building", "06", "6幢"),
        ("building", "三号楼", "三号楼"),
        ("building", "B座", "B座"),
        ("building", "1-2幢", "1-2幢"),
        ("building", "２Ａ", "2A"),
        ("building", " 6 号 楼 ", "6号楼"),
        ("entrance", "1", "1单元"),
        ("dwelling", "1802", "1802室"),
        ("dwelling", "2A", "2A"),
        ("dwelling", "商铺3", "商铺3"),
        ("dwelling", "3号商铺", "3号商铺"),
        ("dwelling", "101户", "101户"),
    ],
)
def test_a_name_is_as_it_was_written(kind: str, written: str, name: str) -> None:
    assert signs.named(kind, written) == name


@pytest.mark.parametrize(
    ("sign", "asked"),
    [
        ("6号楼", "6号楼 6幢 6栋 6号 6座 六号楼 6#"),
        ("7幢", "7号楼 七幢 7栋"),
        ("三号楼", "3号楼 3幢 三幢 三栋"),
        ("B座", "B座 b栋 B幢"),
        ("2A", "2A 2a幢 2A号楼"),
        ("1-2幢", "1-2幢 1-2号楼"),
    ],
)
def test_a_building_is_found_under_every_spelling(here: Subdistrict, sign: str, asked: str) -> None:
    with working_as("secretary", here.community.path):
        made = add_place(parent=here.grids[0], kind="building", name=sign, by=None)
        assert made.address == f"东方丽都{sign}"
        for spelling in asked.split():
            assert find_place(f"东方丽都{spelling}") == [made], spelling
            assert made in search_places(f"东方丽都{spelling}"), spelling


@pytest.mark.parametrize(
    ("sign", "asked"),
    [
        ("商铺3", "商铺3 3号商铺 3商铺 商铺3号"),
        ("3号商铺", "商铺3 3号商铺"),
        ("2A", "2A 2a 2A室"),
        ("商铺", "商铺"),
    ],
)
def test_a_door_is_found_under_every_spelling(here: Subdistrict, sign: str, asked: str) -> None:
    with working_as("secretary", here.community.path):
        specs = [Spec("dwelling", sign)]
        made = create_tree(parent=here.building("1"), specs=specs, by=None).places[0][1]
        assert made.address == f"东方丽都1幢{sign}"
        for spelling in asked.split():
            assert find_place(f"东方丽都1号楼{spelling}") == [made], spelling
            assert find_place(f"1幢{spelling}") == [made], spelling


def two_grids(here: Subdistrict) -> tuple[Place, Place]:
    """Two grids of the community itself, the first with an estate of two buildings."""
    with by_the_system():
        one, two = (
            add_place(parent=here.community, kind="grid", name=f"第{n}片", by=None) for n in (8, 9)
        )
        estate = add_place(parent=one, kind="estate", name="殷家花苑", by=None)
        for number in ("3", "5"):
            add_building(
                parent=estate, name=f"{number}号楼", floors=2, doors_a_floor=1, entrances=1, by=None
            )
    return one, two


def building(here: Subdistrict, address: str) -> Place:
    with system_scope("test"):
        return Place.objects.get(kind="building", address=address, ended_on__isnull=True)


def test_a_building_keeps_the_name_of_its_estate_in_another_grid(here: Subdistrict) -> None:
    _one, two = two_grids(here)
    with working_as("secretary", here.community.path):
        moved = building(here, "殷家花苑5号楼")
        move_place(place=moved, to=two, reason=REASON, by=None)
        assert fresh(moved).address == "殷家花苑5号楼"
        assert fresh(moved).path.startswith(two.path)
        both = Place.objects.filter(kind="estate", name="殷家花苑", ended_on__isnull=True)
        assert both.count() == 2
        assert [p.pk for p in find_place("殷家花苑5幢201")] == [
            Place.objects.get(address="殷家花苑5号楼201室").pk
        ]
        assert [p.address for p in find_place("殷家花苑3幢")] == ["殷家花苑3号楼"]
    with working_as("grid_worker", two.path):
        assert search_places("殷家花苑")[0].address == "殷家花苑"


def test_grids_with_the_two_parts_of_one_estate_can_be_merged(here: Subdistrict) -> None:
    one, two = two_grids(here)
    with working_as("secretary", here.community.path):
        moved = building(here, "殷家花苑5号楼")
        move_place(place=moved, to=two, reason=REASON, by=None)
    with system_scope("test"):
        home = Place.objects.get(address="殷家花苑5号楼101室")
    old_woman = a_person(home, "虞阿香", aged=92)
    with working_as("secretary", here.community.path):
        merge_places(place=one, into=two, reason=REASON, by=None)
        estate = Place.objects.get(kind="estate", name="殷家花苑", ended_on__isnull=True)
        assert estate.path.startswith(two.path)
        names = Place.objects.filter(parent=estate, ended_on__isnull=True).order_by("name")
        assert list(names.values_list("name", flat=True)) == ["3号楼", "5号楼"]
        old_woman.refresh_from_db()
        assert old_woman.scope_path.startswith(estate.path)
        gone = Place.objects.get(kind="estate", name="殷家花苑", ended_on__isnull=False)
        assert gone.merged_into == estate


def test_two_buildings_of_one_name_are_asked_about_and_nothing_moves(here: Subdistrict) -> None:
    one, two = two_grids(here)
    with by_the_system():
        estate = add_place(parent=two, kind="estate", name="殷家花苑", by=None)
        add_place(parent=estate, kind="building", name="3号楼", by=None)
    with working_as("secretary", here.community.path):
        with pytest.raises(Refused, match="已经有“3号楼”"):
            merge_places(place=one, into=two, reason=REASON, by=None)
        assert len(find_place("殷家花苑3幢")) == 2, "asked, never guessed"


def test_the_parts_of_an_estate_are_joined_when_it_moves_or_is_split_off(here: Subdistrict) -> None:
    one, two = two_grids(here)
    with working_as("secretary", here.community.path):
        move_place(place=building(here, "殷家花苑5号楼"), to=two, reason=REASON, by=None)
        estate = Place.objects.get(parent=one, kind="estate", ended_on__isnull=True)
        there = move_place(place=estate, to=two, reason=REASON, by=None)
        assert there.path.startswith(two.path)
        assert building(here, "殷家花苑3号楼").parent_id == there.pk
        split = split_place(place=two, name="第10片", children=[there], reason=REASON, by=None)
        assert building(here, "殷家花苑3号楼").path.startswith(split.path)


def test_taken_out_of_its_estate_a_building_leaves_the_name(here: Subdistrict) -> None:
    one, _two = two_grids(here)
    with working_as("secretary", here.community.path):
        moved = building(here, "殷家花苑5号楼")
        move_place(place=moved, to=one, reason=REASON, by=None)
        assert fresh(moved).address == "5号楼"
