"""A subdistrict is set up from the national list, buildings are added door by door or at once."""

from __future__ import annotations

import pytest

from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.register.places.actions import (
    add_building,
    add_place,
    change_building,
    change_dwellings,
    end_place,
    set_up_subdistrict,
)
from linli.register.places.bulk import Spec, create_tree, ensure_dwelling, floors_of_doors
from linli.register.places.models import Building, Dwelling, Place
from linli.register.places.queries import children, find_place, line_above, roots, search_places
from tests.people import Subdistrict, a_person, a_subdistrict, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def here(db: None) -> Subdistrict:
    return a_subdistrict(floors=18)


def test_a_real_subdistrict_stands_with_its_communities(db: None) -> None:
    with system_scope("the command line"):
        town = set_up_subdistrict(code="330212007", by=None)
        names = [place.name for place in children(town)]
        assert town.name == "潘火街道"
        assert len(names) == 19
        assert "殷家社区" in names
        with pytest.raises(Refused, match="已经建好"):
            set_up_subdistrict(code="330212007", by=None)
        with pytest.raises(Refused, match="没有区划代码") as unknown:
            set_up_subdistrict(code="330212077", by=None)
    assert "330212007" in unknown.value.hint, "the nearest ones are offered"


def test_only_the_command_line_sets_a_subdistrict_up(here: Subdistrict) -> None:
    with working_as("subdistrict_officer", here.town.path), pytest.raises(Refused, match="岗位"):
        set_up_subdistrict(code="330212005", by=None)


def test_eighteen_floors_of_four_doors_in_two_entrances(here: Subdistrict) -> None:
    with working_as("community_worker", here.community.path):
        made = add_building(
            parent=here.grids[0],
            name="3幢",
            floors=18,
            doors_a_floor=4,
            entrances=2,
            by=None,
            facts={"has_lift": True},
        )
        homes = Dwelling.objects.filter(building=made)
        assert homes.count() == 144
        last = homes.get(place__address="东方丽都3幢2单元1804室")
        assert (last.floor, last.door) == (18, "1804")
        assert Building.objects.get(place=made).has_lift is True
        end_place(place=made, reason="输错了", by=None)
        assert not Place.objects.filter(path__startswith=made.path, ended_on=None).exists()


def test_too_many_at_once_is_said_before_anything_is_made(here: Subdistrict) -> None:
    with working_as("community_worker", here.community.path):
        number = Place.objects.count()
        for floors, doors, entrances in ((0, 4, 1), (121, 4, 1), (100, 40, 10)):
            with pytest.raises(Refused, match=r"最多|请填"):
                add_building(
                    parent=here.grids[0],
                    name="大楼",
                    floors=floors,
                    doors_a_floor=doors,
                    entrances=entrances,
                    by=None,
                )
        assert Place.objects.count() == number


def test_the_same_door_twice_is_refused(here: Subdistrict) -> None:
    with working_as("community_worker", here.community.path):
        with pytest.raises(Refused, match="已经有了") as doubled:
            add_place(parent=here.building("1"), kind="dwelling", name="101室", by=None)
        assert "东方丽都1幢101室" in doubled.value.sentence
        assert doubled.value.hint
        with pytest.raises(Refused, match="不能建在"):
            add_place(parent=here.home("1", "101"), kind="building", name="楼中楼", by=None)


def test_a_missing_door_of_a_list_is_made_once(here: Subdistrict) -> None:
    with working_as("community_worker", here.community.path):
        wanted = {"building": here.building("2"), "door": "1901", "floor": 19, "entrance": ""}
        made = ensure_dwelling(**wanted, by=None)
        assert ensure_dwelling(**wanted, by=None).pk == made.pk
        assert made.address == "东方丽都2幢1901室"


def test_facts_of_a_building_are_corrected(here: Subdistrict) -> None:
    with working_as("community_worker", here.community.path):
        facts = change_building(
            building=here.building("1"), changes={"built_year": 1998, "has_lift": False}, by=None
        )
        assert (facts.built_year, facts.has_lift) == (1998, False)
        with pytest.raises(Refused, match="没有这个字段"):
            change_building(building=here.building("1"), changes={"colour": "red"}, by=None)


def test_facts_of_dwellings_are_corrected_together(here: Subdistrict) -> None:
    homes = [here.home("1", door) for door in ("101", "102")]
    with working_as("community_worker", here.community.path):
        assert change_dwellings(dwellings=homes, changes={"usage": "rented"}, by=None) == 2
        assert Dwelling.objects.filter(usage="rented").count() == 2
        with pytest.raises(Refused, match="没有这个字段"):
            change_dwellings(dwellings=homes, changes={"colour": "red"}, by=None)


def test_thousands_of_doors_are_made_in_a_few_statements(
    here: Subdistrict, django_assert_max_num_queries: object
) -> None:
    specs = [Spec("building", f"{n}幢", floors_of_doors(18, 4)) for n in range(20, 40)]
    at_most = django_assert_max_num_queries(60)  # type: ignore[operator]
    with working_as("secretary", here.community.path), at_most:
        made = create_tree(parent=here.grids[1], specs=specs, by=None)
    assert len(made.of_kind("dwelling")) == 1440


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1-1802", ["东方丽都1幢1802室"]),
        ("东方丽都1号楼1802", ["东方丽都1幢1802室"]),
        ("1幢1802室", ["东方丽都1幢1802室"]),
        ("一幢１８０２", ["东方丽都1幢1802室"]),
        ("5幢2单元301室", ["东方丽都5幢2单元301室"]),
        ("5-2-301", ["东方丽都5幢2单元301室"]),
        ("5-301", ["东方丽都5幢1单元301室", "东方丽都5幢2单元301室"]),
        ("东方丽都5幢", ["东方丽都5幢"]),
        ("西方丽都1幢1802", []),
        ("没有数字", []),
    ],
)
def test_an_address_is_found_as_people_write_it(
    here: Subdistrict, written: str, meant: list[str]
) -> None:
    with working_as("community_worker", here.community.path):
        add_building(
            parent=here.grids[1], name="5幢", floors=3, doors_a_floor=1, entrances=2, by=None
        )
        assert [place.address for place in find_place(written)] == meant
        assert not find_place(written, within=here.grids[0]) or "5幢" not in "".join(meant)


def test_a_place_is_found_by_name_and_pinyin_inside_the_scope(here: Subdistrict) -> None:
    with working_as("community_worker", here.community.path):
        for asked in ("东方丽都", "东方", "dongfangli", "dfld"):
            assert search_places(asked)[0].name == "东方丽都", asked
        assert search_places("东方丽都1幢1802")[0].name == "1802室"
        assert not search_places("9幢"), "that is next door"
        assert not search_places("潘火街道"), "above the post: named, not opened"
        assert [place.name for place in roots()] == ["殷家社区"]
        assert [place.name for place in line_above(here.grids[0])] == [
            "潘火街道",
            "殷家社区",
            "东方丽都",
        ]


def test_next_door_is_not_touched(here: Subdistrict) -> None:
    a_person(here.home("9", "101"), "金丝雀")
    with working_as("community_worker", here.community.path):
        with pytest.raises(Refused, match="没有找到"):
            add_place(parent=here.next_community, kind="grid", name="我的网格", by=None)
        with pytest.raises(Refused, match="没有找到"):
            add_place(parent=here.town, kind="station", name="我的站", by=None)
