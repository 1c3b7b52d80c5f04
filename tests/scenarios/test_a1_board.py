"""A1: the places of the board add up to its total, on the page, by program and by command."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from linli.capabilities.cases.queries import board, cases
from linli.capabilities.cases.queries.board import Board, own_level
from linli.capabilities.cases.terms import OPEN_STATES
from linli.capabilities.cases.tests.builders import Station, a_case, a_station
from linli.core.scope import system_scope
from linli.faces.cli.main import main
from linli.register.places.models import Place
from linli.register.posts.actions import issue_token
from linli.register.posts.models import Post, User
from tests.people import working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def station() -> Station:
    """A case at every place of the tree: the town, the communities, estates, buildings, doors."""
    station = a_station()
    with system_scope("look"):
        places = list(Place.objects.order_by("path"))
    for number, place in enumerate(places):
        a_case(
            station, f"第{number}件", place=place, category=station.noise if number % 2 else None
        )
    return station


def boards(station: Station) -> Iterator[tuple[Place | None, Board]]:
    """Return the board of every place as everybody who has one sees it."""
    posts = (
        ("subdistrict_officer", station.town.town, station.officer),
        ("secretary", station.town.community, station.secretary),
        ("community_worker", station.town.community, station.worker),
    )
    for role, at, user in posts:
        with working_as(role, at.path, user=user):
            for place in [None, *Place.objects.filter(path__startswith=at.path)]:
                yield place, board(place)


def test_the_rows_of_the_board_add_up_to_its_total(station: Station) -> None:
    seen = 0
    for place, shown in boards(station):
        where = str(place or "all")
        for rows in (shown.by_place, shown.by_category):
            assert sum(row.open for row in rows) == shown.open, where
            assert sum(row.late for row in rows) == shown.late, where
        seen += any(row.kind == "own" for row in shown.by_place)
    assert seen > 1


def test_what_is_at_none_of_the_places_leads_to_its_cases(station: Station) -> None:
    with working_as("secretary", station.town.community.path, user=station.secretary):
        (own,) = [row for row in board().by_place if row.kind == "own"]
        found = own_level(cases(), None).filter(state__in=OPEN_STATES).count()
    client = Client()
    client.force_login(station.secretary)
    page = client.get("/cases/board/").content.decode()
    assert "level=own" in page
    listed = client.get("/cases/?level=own").content.decode()
    assert found == own.open > 0
    assert re.search(rf"未结\D{{0,80}}{own.open}\D", listed)


def by_program(user: User) -> Any:
    with system_scope("set up a test"):
        post = Post.objects.get(user=user)
        token = issue_token(post=post, name="程序", purpose="核对看板的合计", days=30, by=user).raw
    answer = Client().get("/api/v1/cases/board", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    return answer.json()


def test_page_program_and_command_line_say_the_same_and_add_up(
    station: Station, capsys: pytest.CaptureFixture[str]
) -> None:
    told = by_program(station.secretary)
    rows = [(row["name"], row["open"], row["late"]) for row in told["places"]]
    assert sum(n for _name, n, _late in rows) == told["open"] > 0
    assert main(["cases", "board", "--as", "yinhong", "--json"]) == 0
    total, *lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["place"], line["open"], line["late"]) for line in lines] == rows
    assert total["open"] == told["open"]
    client = Client()
    client.force_login(station.secretary)
    page = client.get("/cases/board/").content.decode()
    block = page[page.index("在哪里") : page.index("什么事")]
    shown = map(int, re.findall(r"cell-value[^>]*>\s*(\d+)件", block))
    assert sum(shown) == told["open"]


def test_who_hands_nothing_out_has_no_board(
    station: Station, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cases", "board", "--as", "linfang"]) == 2
    assert "不分派办件" in capsys.readouterr().err
