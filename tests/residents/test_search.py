"""Finding people: two characters, pinyin, initials, tails, doors; never outside the scope."""

from __future__ import annotations

from datetime import date

import pytest

from linli.core.text_index import missing
from linli.register.people.actions import change_facts, move_out
from linli.register.people.queries import people_found
from tests.residents.world import (
    Neighbourhood,
    an_identity_number,
    someone,
    working_as,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

NUMBER = an_identity_number(date(1934, 3, 8))


@pytest.fixture
def known(here: Neighbourhood) -> Neighbourhood:
    with working_as("subdistrict_officer", here.town.path):
        someone(here.homes[0], "虞阿香", phone="13800001234", identity_number=NUMBER)
        someone(here.homes[1], "邬根发", phone="13900005678")
        someone(here.homes[2], "单建国")
        someone(here.homes[3], "欧阳阿香")
        someone(here.elsewhere, "虞阿香")
    return here


def names(asked: str, role: str = "community_worker") -> list[str]:
    with working_as(role):
        return sorted(person.name for person in people_found(asked))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("阿香", ["欧阳阿香", "虞阿香"]),
        ("虞阿", ["虞阿香"]),
        ("虞", ["虞阿香"]),
        ("yuaxiang", ["虞阿香"]),
        ("yu a xiang", ["虞阿香"]),
        ("yax", ["虞阿香"]),
        ("wugen", ["邬根发"]),
        ("shanjianguo", ["单建国"]),
        ("1234", ["虞阿香"]),
        ("138 0000 1234", ["虞阿香"]),
        (NUMBER, ["虞阿香"]),
        ("东方丽都", ["单建国", "欧阳阿香", "虞阿香", "邬根发"]),
        ("殷家社区 阿香", ["欧阳阿香", "虞阿香"]),
        ("东方 201", ["邬根发"]),
        ("丽都 阿香", ["欧阳阿香", "虞阿香"]),
        ("潘火社区", []),
        ("王", []),
        ("", []),
        ('"; DROP TABLE', []),
        ("阿香*", ["欧阳阿香", "虞阿香"]),
    ],
)
def test_a_worker_finds(known: Neighbourhood, asked: str, found: list[str]) -> None:
    assert names(asked) == found


@pytest.mark.parametrize("role", ["property_manager", "micro_grid_lead"])
def test_numbers_cannot_be_tried_out_by_those_who_may_not_see_them(
    known: Neighbourhood, role: str
) -> None:
    assert names("阿香", role)
    for asked in ("1234", "13800001234", NUMBER):
        assert names(asked, role) == []


def test_a_changed_name_is_found_by_the_new_one_only(known: Neighbourhood) -> None:
    with working_as("community_worker"):
        person = people_found("邬根发").get()
        change_facts(
            person=person, changes={"name": "邬根法"}, source="visit",
            confirmed_on=date(2026, 11, 2), by=None,
        )  # fmt: skip
    assert names("根法") == ["邬根法"]
    assert names("根发") == []


def test_who_has_moved_out_is_found_only_when_asked_for(known: Neighbourhood) -> None:
    with working_as("community_worker"):
        move_out(person=people_found("邬根发").get(), on=date(2026, 11, 2), by=None)
        assert not people_found("邬根发")
        assert people_found("邬根发", also_gone=True)


def test_the_index_of_words_is_there(known: Neighbourhood) -> None:
    from django.db import connection

    assert missing(connection) == []
