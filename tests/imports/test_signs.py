"""Lists name buildings and doors as their signs do; estates lie in several grids."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from linli.register.people.models import Person
from linli.register.places.bulk import Spec, create_tree
from linli.register.places.models import Place
from tests.imports import files
from tests.imports.town import Town, a_town, brought, fates, imported, number, said
from tests.scope.world import by_the_system

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
DWELLINGS = ["小区", "幢", "单元", "室号"]


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    town = a_town()
    with town.at_work():
        yield town


def dwellings(town: Town, *rows: list[Any], headings: list[str] = DWELLINGS, **more: Any) -> Any:
    data = files.xlsx([headings, *rows])
    return brought(town, data, subject="dwelling", make_dwellings=True, **more)


def addresses(kind: str = "dwelling", estate: str = "东方丽都") -> set[str]:
    with by_the_system():
        rows = Place.objects.filter(kind=kind, address__startswith=estate, ended_on__isnull=True)
        return set(rows.values_list("address", flat=True))


def test_what_a_list_makes_is_named_as_it_is_written(town: Town) -> None:
    before = addresses()
    batch = dwellings(
        town,
        ["东方丽都", "6号楼", "1单元", "101室"],
        ["东方丽都", "6号楼", "1单元", "2A"],
        ["东方丽都", "7", "1", "101"],
        ["东方丽都", "B座", None, "商铺3"],
        ["东方丽都", "1-2幢", None, "101户"],
        ["东方丽都", "2幢", None, "商铺5"],
        ["东方丽都", "三号楼", None, "101"],
    )
    assert set(fates(batch).values()) == {"new"}
    imported(town, batch)
    assert addresses() - before == {
        "东方丽都6号楼1单元101室",
        "东方丽都6号楼1单元2A",
        "东方丽都7幢1单元101室",
        "东方丽都B座商铺3",
        "东方丽都1-2幢101户",
        "东方丽都2幢商铺5",
        "东方丽都三号楼101室",
    }
    again = dwellings(
        town,
        ["东方丽都", "6幢", "1", "101"],
        ["东方丽都", "6栋", "1单元", "2a"],
        ["东方丽都", "7号楼", "1单元", "101室"],
        ["东方丽都", "b幢", None, "3号商铺"],
        ["东方丽都", "1-2号楼", None, "101室"],
        ["东方丽都", "2号", None, "商铺5号"],
        ["东方丽都", "3幢", None, "101"],
    )
    assert set(fates(again).values()) == {"unchanged"}, [said(again, n) for n in range(2, 9)]


def test_whole_addresses_say_the_sign_as_well(town: Town) -> None:
    before = addresses()
    batch = dwellings(
        town,
        ["东方丽都6号楼1单元101室"],
        ["东方丽都6号楼1单元2A"],
        ["东方丽都8栋302"],
        ["东方丽都2幢商铺3"],
        ["东方丽都1-2幢101室"],
        ["东方丽都9-1-101"],
        headings=["家庭住址"],
    )
    assert set(fates(batch).values()) == {"new"}, [said(batch, n) for n in range(2, 8)]
    imported(town, batch)
    assert addresses() - before == {
        "东方丽都6号楼1单元101室",
        "东方丽都6号楼1单元2A",
        "东方丽都8栋302室",
        "东方丽都2幢商铺3",
        "东方丽都1-2幢101室",
        "东方丽都9幢1单元101室",
    }
    again = dwellings(
        town, ["东方丽都6幢1单元2a室"], ["东方丽都2号楼3号商铺"], headings=["家庭住址"]
    )
    assert fates(again) == {2: "unchanged", 3: "unchanged"}


def test_two_spellings_in_one_list_are_one_house(town: Town) -> None:
    batch = dwellings(
        town,
        ["东方丽都", "6号楼", "1单元", "101"],
        ["东方丽都", "6幢", "1", "102"],
        ["东方丽都", "6栋", "1", "101室"],
    )
    assert fates(batch) == {2: "new", 3: "new", 4: "refused"}
    assert "与第2行是同一户室" in said(batch, 4)
    imported(town, batch)
    assert {name for name in addresses("building") if "6" in name} == {"东方丽都6号楼"}


def two_grids(town: Town) -> None:
    """桂花苑 lies in two grids: 1号楼 in one, 2号楼 in the other, and 5号楼 by mistake in both."""
    with by_the_system():
        for grid, houses in (("东片", "15"), ("西片", "25")):
            built = [Spec("building", f"{n}号楼", [Spec("dwelling", "101室")]) for n in houses]
            spec = Spec("grid", grid, [Spec("estate", "桂花苑", built)])
            create_tree(parent=town.community, specs=[spec], by=None)


def test_an_estate_in_two_grids_keeps_its_name_and_its_houses_are_found(town: Town) -> None:
    two_grids(town)
    batch = dwellings(
        town,
        ["桂花苑", "1幢", None, "101"],
        ["桂花苑", "2幢", None, "101"],
        ["桂花苑", "5幢", None, "101"],
        ["桂花苑", "7号楼", None, "101"],
    )
    assert fates(batch) == {2: "unchanged", 3: "unchanged", 4: "refused", 5: "refused"}
    for row in (4, 5):
        assert "东片" in said(batch, row), "which is which"
        assert "西片" in said(batch, row)
        assert "网格" in said(batch, row)


def test_the_grid_decides_where_a_new_house_stands(town: Town) -> None:
    two_grids(town)
    batch = dwellings(
        town,
        ["东片", "桂花苑", "7号楼", None, "101"],
        ["西片", "桂花苑", "8号楼", None, "101"],
        ["西片", "桂花苑", "5幢", None, "101"],
        headings=["网格", *DWELLINGS],
    )
    assert fates(batch) == {2: "new", 3: "new", 4: "unchanged"}
    imported(town, batch)
    with by_the_system():
        made = {p.name: p for p in Place.objects.filter(name__in=["7号楼", "8号楼"])}
        above = {name: Place.objects.get(pk=p.parent_id).parent.name for name, p in made.items()}
        assert above == {"7号楼": "东片", "8号楼": "西片"}
        assert {p.address for p in made.values()} == {"桂花苑7号楼", "桂花苑8号楼"}


def test_residents_come_in_by_the_name_on_the_sign(town: Town) -> None:
    two_grids(town)
    data = files.xlsx(
        [
            ["姓名", "身份证号码", "家庭住址"],
            ["王五", number(1950, 11), "桂花苑2幢101"],
            ["赵六", number(1951, 13), "桂花苑5幢101"],
        ]
    )
    batch = brought(town, data)
    assert fates(batch) == {2: "new", 3: "refused"}
    assert "桂花苑5号楼101室" in said(batch, 3)
    imported(town, batch)
    with by_the_system():
        assert Person.objects.get(name="王五").home.address == "桂花苑2号楼101室"
