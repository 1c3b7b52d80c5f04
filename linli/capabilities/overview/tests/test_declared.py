"""Who may not list the residents reads declared figures of their own place, and of no smaller."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from linli.capabilities.overview.queries.counts import told_below
from linli.register.places.queries import children, place_or_not_found
from linli.workbench.conditions import queries
from tests.people import Subdistrict, a_person, a_subdistrict, a_user, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def town() -> Subdistrict:
    """An estate with nine residents: three in 1幢, six in 2幢."""
    made = a_subdistrict(floors=6, doors=2)
    for n in range(9):
        floor, door = divmod(n if n < 3 else n - 3, 2)
        home = made.home("1" if n < 3 else "2", f"{floor + 1}0{door + 1}")
        a_person(home, f"虞{n}", aged=40 + n)
    return made


def seen(town: Subdistrict, path: str, at: int) -> tuple[str, dict[str, str]]:
    """What a manager of ``path`` is told of the people at one place and below it."""
    with working_as("property_manager", path):
        place = place_or_not_found(at)
        below = children(place)
        whole, each = told_below(place, below)
        return whole.people, {one.name: each[one.pk].people for one in below}


def no_listing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "may_list", lambda _subject: False)
    monkeypatch.setattr(
        "linli.capabilities.overview.queries.counts.may_list", lambda _subject: False
    )
    monkeypatch.setattr("linli.faces.web.figures.may_list", lambda _subject: False)


def test_small_buildings_and_their_complements_are_not_declared(
    town: Subdistrict, monkeypatch: pytest.MonkeyPatch
) -> None:
    grid = town.grids[0]
    # The control: who may list them counts them, live.
    assert seen(town, grid.path, grid.pk) == ("9", {"1幢": "3", "2幢": "6"})
    no_listing(monkeypatch)
    # Nine less six would be three: the six is kept back with it.
    assert seen(town, grid.path, grid.pk) == ("9", {"1幢": "＜5", "2幢": "—"})
    whole, below = seen(town, town.estate.path, grid.pk)
    assert {whole, *below.values()} == {"—"}  # smaller places of a larger one would add up


def test_a_front_tells_nothing_of_single_doors(
    town: Subdistrict, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    client.force_login(a_user("wuye", "property_manager", town.grids[0]))
    address = f"/places/{town.building('1').pk}/"
    assert "有人住" in client.get(address).content.decode()
    no_listing(monkeypatch)
    page = client.get(address).content.decode()
    assert "有人住" not in page
    assert "没有人住" not in page


def test_the_figures_of_today_are_declared_too(
    town: Subdistrict, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    client.force_login(a_user("wuye", "property_manager", town.building("1")))
    said = tile(client, "居民")
    assert said == "3"
    no_listing(monkeypatch)
    assert tile(client, "居民") == "＜5"


def tile(client: Client, label: str) -> str:
    """The figure of a tile on 今日."""
    page = client.get("/").content.decode()
    text = re.sub(r"<[^>]+>|\s+", " ", page)
    found = re.search(rf"([\d＜]+)\s*人?\s*{label}|{label}\s*([\d＜]+)", text)
    assert found is not None, text
    return found.group(1) or found.group(2)
