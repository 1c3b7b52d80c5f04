"""Saving a door: all parts at once, the same page never twice, one refusal stops nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms

from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.places.actions import add_building, add_place, move_place
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.workbench.rounds import queries
from linli.workbench.rounds.actions import save_door
from linli.workbench.rounds.models import DoorSave
from linli.workbench.rounds.parts import DoorPart, FieldGroup, SavedDoor, register_door_part
from linli.workbench.tasks.actions import open_task
from tests.people import Subdistrict, a_person, a_subdistrict, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


class Toy(DoorPart):
    """A part that keeps a word, and refuses a bad one."""

    kept: list[str] = []

    def build(self) -> None:
        self.fields["word"] = forms.CharField(required=False)

    def groups(self) -> list[FieldGroup]:
        return [FieldGroup("玩具", [self["word"]])]

    def save(self, saved: SavedDoor, form_token: str) -> None:
        word = self.cleaned_data["word"]
        if word == "bad":
            self.refuse("word", Refused("toy.bad", "不行", "word", "换一个"))
        elif word:
            self.kept.append(word)
            saved.things += 1


@pytest.fixture
def town() -> Subdistrict:
    return a_subdistrict()


@pytest.fixture
def lin(town: Subdistrict) -> User:
    Toy.kept = []
    return a_user("lin", "grid_worker", town.grids[0])


def parts(town: Subdistrict, lin: User, *words: str) -> list[Any]:
    door = queries.door_at(town.home("1", "101"), today())
    made = [
        Toy({f"{n}-word": word}, prefix=str(n), door=door, user=lin) for n, word in enumerate(words)
    ]
    assert all(one.is_valid() for one in made)
    return made


def test_one_refusal_stops_nothing_else(town: Subdistrict, lin: User) -> None:
    with system_scope("test"):
        made = parts(town, lin, "一", "bad", "二")
        saved = save_door(place=town.home("1", "101"), parts=made, form_token="a", by=lin)
        assert saved is not None
        assert saved.things == 2
        assert Toy.kept == ["一", "二"]
        assert "换一个" in str(made[1].errors)


def test_the_same_page_is_saved_once(town: Subdistrict, lin: User) -> None:
    with system_scope("test"):
        home = town.home("1", "101")
        assert save_door(place=home, parts=parts(town, lin, "一"), form_token="a", by=lin)
        assert save_door(place=home, parts=parts(town, lin, "一"), form_token="a", by=lin) is None
        assert Toy.kept == ["一"]
        # The negative control: another page is another saving.
        assert save_door(place=home, parts=parts(town, lin, "一"), form_token="b", by=lin)
        assert Toy.kept == ["一", "一"]


def test_nothing_filled_in_leaves_no_trace_of_a_visit(town: Subdistrict, lin: User) -> None:
    with system_scope("test"):
        saved = save_door(
            place=town.home("1", "101"), parts=parts(town, lin, ""), form_token="a", by=lin
        )
        assert saved is not None
        assert saved.things == 0
        assert not DoorSave.objects.exists()


def test_doors_are_walked_by_stairwell_and_floor(town: Subdistrict, lin: User) -> None:
    for door in ("301", "102", "201"):
        a_person(town.home("1", door), f"住户{door}", aged=60)
    with system_scope("test"):
        for door in ("301", "102", "201"):
            place = town.home("1", door)
            open_task(kind="journal.follow_up", about=place, place=place, title="看看", by=None)
    from tests.people import working_as

    with working_as("grid_worker", town.grids[0].path, lin):
        stops = queries.stops_of(town.building("1"), lin)
        assert [stop.door for stop in stops] == ["101", "102", "201", "202", "301", "302"]
        assert [stop.door for stop in stops if stop.due] == ["102", "201", "301"]
        following = queries.next_door(town.home("1", "102"), lin)
        assert following == town.home("1", "201")
        waiting = queries.buildings_waiting(lin)
        assert [(one.doors, one.due) for one in waiting] == [(3, 3)]


def test_a_key_is_registered_once() -> None:
    with pytest.raises(RuntimeError, match="people"):
        register_door_part("people", part=Toy, order=1)


def test_a_door_stands_under_its_stairwell_also_with_floors_in_between(
    town: Subdistrict, lin: User
) -> None:
    from tests.people import working_as

    with system_scope("test"):
        building = add_building(
            parent=town.grids[0], name="3幢", floors=2, doors_a_floor=1, entrances=2, by=None
        )
        second = Place.objects.get(kind="entrance", name="2单元", path__startswith=building.path)
        home = Place.objects.filter(kind="dwelling", path__startswith=second.path).first()
        assert home is not None
        floors = add_place(parent=second, kind="micro_grid", name="1至8层", by=None)
        move_place(place=home, to=floors, reason="按楼层分微网格", by=None)
    with working_as("grid_worker", town.grids[0].path, lin):
        stops = queries.stops_of(building, lin)
        assert [stop.stairwell for stop in stops] == ["1单元", "1单元", "2单元", "2单元"]
