"""Who may not list the residents reads declared figures of their own place, and of no smaller."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from linli.capabilities.place_pages.queries.counts import told_below
from linli.register.places.queries import children, place_or_not_found
from linli.workbench.conditions import queries
from tests.people import Subdistrict, a_person, a_subdistrict, a_user, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
MANAGER, LEAD, WORKER = "property_manager", "micro_grid_lead", "grid_worker"


@pytest.fixture
def town() -> Subdistrict:
    """A grid with nine grown residents, three in 1幢 and six in 2幢, and a child in 1幢."""
    made = a_subdistrict(floors=3, doors=2)
    for n in range(9):
        floor, door = divmod(n if n < 3 else n - 3, 2)
        home = made.home("1" if n < 3 else "2", f"{floor + 1}0{door + 1}")
        a_person(home, f"虞{n}", aged=40 + n)
    a_person(made.home("1", "302"), "虞小宝", aged=5)
    return made


def seen(role: str, path: str, at: int) -> tuple[str, dict[str, str]]:
    """What a role at ``path`` is told of the people at one place and below it."""
    with working_as(role, path):
        place = place_or_not_found(at)
        below = children(place)
        whole, each = told_below(place, below)
        return whole.people, {one.name: each[one.pk].people for one in below}


def test_small_buildings_and_their_complements_are_not_declared(
    town: Subdistrict, monkeypatch: pytest.MonkeyPatch
) -> None:
    grid = town.grids[0]
    # Who may list them counts them, live; who is shown no children counts none.
    assert seen(WORKER, grid.path, grid.pk) == ("10", {"1幢": "4", "2幢": "6"})
    assert seen(LEAD, grid.path, grid.pk) == ("9", {"1幢": "3", "2幢": "6"})
    # Nine less six would be three: the six is kept back with it.
    assert seen(MANAGER, grid.path, grid.pk) == ("9", {"1幢": "＜5", "2幢": "—"})
    # Smaller places of a larger one would add up.
    whole, below = seen(MANAGER, town.estate.path, grid.pk)
    assert {whole, *below.values()} == {"—"}
    # The negative control: counted live, the three are there.
    monkeypatch.setattr(
        "linli.capabilities.place_pages.queries.counts.may_list", lambda _subject: True
    )
    assert seen(MANAGER, grid.path, grid.pk) == ("9", {"1幢": "3", "2幢": "6"})


def page_of(role: str, town: Subdistrict, address: str) -> str:
    client = Client()
    client.force_login(a_user(role, role, town.building("1")))
    return client.get(address).content.decode()


def test_a_front_tells_a_manager_nothing_of_single_doors(town: Subdistrict) -> None:
    address = f"/places/{town.building('1').pk}/"
    page = page_of(MANAGER, town, address)
    assert "有人住" not in page
    assert "没有人住" not in page
    assert "1人" not in page
    # The lead of a stairwell sees doors, and the one of a child alone as if nobody lived there.
    page = page_of(LEAD, town, address)
    assert page.count("1人") == 3
    with working_as(LEAD, town.building("1").path):
        assert queries.everybody("person").count() == 3


def test_the_figures_of_today_are_declared_too(town: Subdistrict) -> None:
    assert tile(page_of(MANAGER, town, "/"), "居民") == "＜5"
    assert tile(page_of(LEAD, town, "/"), "居民") == "3"
    assert "半年没有核实" not in page_of("auditor", town, "/")


def tile(page: str, label: str) -> str:
    """The figure of a tile on 今日."""
    text = re.sub(r"<[^>]+>|\s+", " ", page)
    found = re.search(rf"([\d＜]+)\s*人?\s*{label}|{label}\s*([\d＜]+)", text)
    assert found is not None, text
    return found.group(1) or found.group(2)
