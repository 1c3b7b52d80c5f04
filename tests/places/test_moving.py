"""Grids are moved, merged and split; whoever lives there goes along and nothing is lost."""

from __future__ import annotations

import random
from datetime import date

import pytest

from linli.core.errors import NotFound, Refused
from linli.core.scope import scoped_models, system_scope
from linli.register.facilities.models import Facility
from linli.register.people.models import Household, Person, Residence
from linli.register.places.actions import (
    add_building,
    add_place,
    end_place,
    merge_places,
    move_place,
    rename_place,
    split_place,
)
from linli.register.places.models import Dwelling, Place, PlaceHistory
from linli.register.places.queries import alike_nearby, holders
from linli.register.posts.models import Post
from linli.workbench.journal.models import JournalEntry
from tests.people import Subdistrict, a_person, a_subdistrict, by_the_system, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
REASON = "网格调整方案第3号"


@pytest.fixture
def here(db: None) -> Subdistrict:
    return a_subdistrict()


def fresh(place: Place) -> Place:
    with system_scope("test"):
        return Place.objects.get(pk=place.pk)


def test_a_building_moves_to_another_grid_with_everybody_in_it(here: Subdistrict) -> None:
    old_woman = a_person(here.home("1", "101"), "虞阿香", aged=92)
    with working_as("secretary", here.community.path):
        move_place(place=here.building("1"), to=here.grids[1], reason=REASON, by=None)
        moved = fresh(here.building("1"))
        assert moved.path.startswith(here.grids[1].path)
        old_woman.refresh_from_db()
        assert old_woman.scope_path.startswith(moved.path)
        assert Household.objects.get(pk=old_woman.household_id).scope_path == old_woman.scope_path
        assert Residence.objects.get(person=old_woman).scope_path == old_woman.scope_path
        line = PlaceHistory.objects.get(place=moved, change="moved")
    assert "第1网格" in line.before
    assert "第2网格" in line.after
    assert line.reason == REASON
    with working_as("grid_worker", here.grids[0].path):
        assert not Person.objects.filter(pk=old_woman.pk).exists(), "the old grid sees her no more"
    with working_as("grid_worker", here.grids[1].path):
        assert Person.objects.filter(pk=old_woman.pk).exists()


def test_a_new_name_reaches_the_addresses_below(here: Subdistrict) -> None:
    with working_as("community_worker", here.community.path):
        rename_place(place=here.building("1"), name="甲幢", by=None)
        home = fresh(here.home("1", "101"))
        assert home.address == "东方丽都甲幢101室"
        with pytest.raises(Refused, match="国家区划"):
            rename_place(place=here.community, name="新殷家", by=None)
        with pytest.raises(Refused, match="已经有了"):
            rename_place(place=fresh(here.building("1")), name="2幢", by=None)


def test_two_grids_become_one_and_what_stood_there_is_handed_over(here: Subdistrict) -> None:
    first, second = here.grids
    with by_the_system():
        pile = Facility.objects.create(
            kind="充电桩", name="东门充电桩", place=first, scope_path=first.path
        )
    a_person(here.home("1", "101"), "金丝雀")
    with working_as("secretary", here.community.path):
        merge_places(place=first, into=second, reason=REASON, by=None)
        pile.refresh_from_db()
        assert pile.scope_path == second.path
        assert Person.objects.get(name="金丝雀").scope_path.startswith(second.path)
        gone = fresh(first)
        assert (gone.ended_on is not None, gone.merged_into_id) == (True, second.pk)
        assert PlaceHistory.objects.filter(change="merged").count() == 2
        with pytest.raises(Refused, match="已经撤销"):
            merge_places(place=second, into=gone, reason=REASON, by=None)


def test_a_grid_with_a_worker_is_not_merged_away(here: Subdistrict) -> None:
    with by_the_system():
        Post.objects.create(
            role="grid_worker",
            place=here.grids[0],
            scope_path=here.grids[0].path,
            from_date=date(2026, 1, 1),
        )
    with working_as("secretary", here.community.path), pytest.raises(Refused, match="任职"):
        merge_places(place=here.grids[0], into=here.grids[1], reason=REASON, by=None)


def test_a_grid_is_split_by_choosing_what_goes(here: Subdistrict) -> None:
    chosen = [here.building("2")]
    with working_as("secretary", here.community.path):
        made = split_place(
            place=here.grids[0], name="第3网格", children=chosen, reason=REASON, by=None
        )
        assert fresh(here.building("2")).path.startswith(made.path)
        assert fresh(here.building("1")).path.startswith(here.grids[0].path)
        with pytest.raises(Refused, match="请选"):
            split_place(place=here.grids[0], name="空", children=[], reason=REASON, by=None)


def test_what_cannot_be_is_refused_in_words(here: Subdistrict) -> None:
    building, home = here.building("1"), here.home("1", "101")
    with working_as("secretary", here.community.path):
        for place, to, words in (
            (building, home, "自己下面"),
            (here.grids[1], here.building("2"), "不能划到"),
            (building, here.grids[0], "已经在"),
            (here.community, here.grids[0], "自己下面"),
        ):
            with pytest.raises(Refused, match=words):
                move_place(place=place, to=to, reason=REASON, by=None)
        with pytest.raises(Refused, match="原因"):
            move_place(place=building, to=here.grids[1], reason=" ", by=None)
        with pytest.raises(NotFound):
            move_place(place=building, to=here.next_community, reason=REASON, by=None)
    with working_as("grid_worker", here.grids[0].path), pytest.raises(Refused, match="岗位"):
        move_place(place=building, to=here.grids[1], reason=REASON, by=None)


def test_a_building_of_the_same_name_stops_the_move(here: Subdistrict) -> None:
    with working_as("secretary", here.community.path):
        add_place(parent=here.grids[1], kind="building", name="1幢", by=None)
        with pytest.raises(Refused, match="已经有“1幢”"):
            move_place(place=here.building("1"), to=here.grids[1], reason=REASON, by=None)
        assert fresh(here.building("1")).parent_id == here.grids[0].pk


def test_an_entrance_moved_to_another_building_takes_its_doors_along(here: Subdistrict) -> None:
    with working_as("secretary", here.community.path):
        wide = add_building(
            parent=here.grids[0], name="8幢", floors=2, doors_a_floor=1, entrances=2, by=None
        )
        second = Place.objects.get(parent=wide, name="2单元")
        add_place(parent=here.grids[1], kind="building", name="7幢", by=None)
        other = Place.objects.get(name="7幢")
        move_place(place=second, to=other, reason=REASON, by=None)
        doors = Dwelling.objects.filter(building=other)
        assert {dwelling.place.address for dwelling in doors.select_related("place")} == {
            "东方丽都7幢2单元101室",
            "东方丽都7幢2单元201室",
        }
    assert not rows_out_of_place()


def test_no_building_stands_inside_another(here: Subdistrict) -> None:
    with working_as("secretary", here.community.path):
        floors = add_place(parent=here.building("2"), kind="micro_grid", name="1至3层", by=None)
        with pytest.raises(Refused, match="不能划到"):
            move_place(place=here.building("1"), to=floors, reason=REASON, by=None)
        with pytest.raises(Refused, match="不能建在"):
            add_place(parent=floors, kind="building", name="楼中楼", by=None)
        assert floors not in holders(here.building("1"))
        home = add_place(parent=floors, kind="dwelling", name="401室", facts={"floor": 4}, by=None)
        assert home.address == "东方丽都2幢401室"
        with pytest.raises(Refused, match="留在楼栋里"):
            move_place(place=floors, to=here.grids[1], reason=REASON, by=None)
        assert list(holders(floors)) == []
        assert list(alike_nearby(floors)) == []


def test_nobody_is_left_homeless_by_ending_a_place(here: Subdistrict) -> None:
    a_person(here.home("1", "101"), "金丝雀")
    with working_as("community_worker", here.community.path):
        with pytest.raises(Refused, match="还有人住"):
            end_place(place=here.building("1"), reason="拆除", by=None)
        end_place(place=here.building("2"), reason="拆除", by=None)
        assert fresh(here.home("2", "101")).ended_on is not None
        with pytest.raises(Refused, match="已经撤销"):
            end_place(place=fresh(here.building("2")), reason="拆除", by=None)
        again = add_place(parent=here.grids[0], kind="building", name="2幢", by=None)
        assert again.path != here.building("2").path, "a path is never given twice"


# What one random day of reorganising does, and what must be true at its end.


@pytest.mark.parametrize("seed", range(6))
def test_after_any_reorganisation_every_row_lies_where_it_belongs(
    here: Subdistrict, seed: int
) -> None:
    dice = random.Random(seed)
    for number, building in enumerate("1212"):
        a_person(here.home(building, f"{number // 2 + 1}01"), f"居民{number}", aged=30 + number)
    before = everything(here)
    with working_as("subdistrict_officer", here.town.path):
        for _ in range(8):
            one_change(dice)
    after = everything(here)
    assert after.keys() == before.keys()
    lost = {key: before[key] - after[key] for key in before if before[key] - after[key]}
    assert not lost
    assert not rows_out_of_place()


def one_change(dice: random.Random) -> None:
    grids = list(Place.objects.filter(kind="grid", ended_on__isnull=True).order_by("pk"))
    buildings = list(Place.objects.filter(kind="building", ended_on__isnull=True).order_by("pk"))
    grid, other, building = dice.choice(grids), dice.choice(grids), dice.choice(buildings)
    try:
        match dice.choice(("move", "move", "merge", "split")):
            case "move":
                move_place(place=building, to=grid, reason=REASON, by=None)
            case "merge":
                merge_places(place=grid, into=other, reason=REASON, by=None)
            case "split":
                parts = list(Place.objects.filter(parent=grid, ended_on__isnull=True))[:1]
                name = f"新网格{dice.randrange(10**6)}"
                split_place(place=grid, name=name, children=parts, reason=REASON, by=None)
    except Refused:
        pass  # nothing to split, itself, a twin: said in words, and nothing was done


def everything(here: Subdistrict) -> dict[str, set[int]]:
    with system_scope("test"):
        return {
            model._meta.label: set(model.objects.values_list("pk", flat=True))
            for model in scoped_models()
        }


def rows_out_of_place() -> list[str]:
    """Every row whose key to a place does not fit its own path; addresses that are not true."""
    wrong = []
    with system_scope("test"):
        paths = dict(Place.objects.values_list("pk", "path"))
        for model in scoped_models():
            for field in model._meta.concrete_fields:
                if field.related_model is not Place or getattr(field, "follows", "free") == "free":
                    continue
                for row in model.objects.exclude(**{field.name: None}):
                    above = paths[getattr(row, field.attname)]
                    if not row.scope_path.startswith(above):
                        wrong.append(f"{row!r}.{field.name}")
        for home in Place.objects.filter(kind="dwelling").select_related("parent__parent"):
            house = home.parent.parent if home.parent.kind == "entrance" else home.parent
            is_ours = house.path.startswith("330212007/330212007009/")
            within = home.parent.name if house != home.parent else ""
            if is_ours and home.address != f"东方丽都{house.name}{within}{home.name}":
                wrong.append(home.address)
        for person in Person.objects.select_related("home"):
            if person.scope_path != person.home.path:
                wrong.append(person.name)
    return wrong


def test_a_row_left_behind_would_be_seen(here: Subdistrict) -> None:
    """The negative control: a journal line knows where it happened, also after a move."""
    with working_as("secretary", here.community.path):
        move_place(place=here.building("1"), to=here.grids[1], reason=REASON, by=None)
        entry = JournalEntry.objects.filter(kind="place.moved").latest("seq")
        assert entry.scope_path.startswith(here.grids[1].path)
