"""Finding people: two characters, pinyin, initials, tails, doors; never outside the scope."""

from __future__ import annotations

from datetime import date

import pytest

from linli.core.database.text_index import missing
from linli.core.errors import Refused
from linli.register.people.actions import change_facts, move_out
from linli.register.people.queries import people_found
from linli.register.people.rules import LOOK_UPS_A_DAY
from linli.register.posts.models import User
from linli.workbench.journal.models import JournalEntry
from tests.residents.world import Neighbourhood, an_identity_number, someone, working_as

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
        ("1234", []),
        ("138 0000 1234", []),
        (NUMBER, []),
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


def test_nobody_tries_numbers_out_in_the_search(known: Neighbourhood) -> None:
    for role in ("micro_grid_lead", "grid_worker", "secretary"):
        assert names("阿香", role)
        for asked in ("1234", "13800001234", NUMBER):
            assert names(asked, role) == []


def test_a_property_manager_searches_for_nobody(known: Neighbourhood) -> None:
    assert names("阿香", "property_manager") == []


def test_a_stairwell_lead_finds_no_children(known: Neighbourhood) -> None:
    with working_as("subdistrict_officer", known.town.path):
        someone(known.homes[0], "虞小香", birth_date=date(2020, 5, 1))
    assert names("虞小香") == ["虞小香"]
    assert names("虞小香", "micro_grid_lead") == []


def look_up(number: str, role: str = "community_worker", words: str = "送药上门") -> list[str]:
    from linli.register.people.actions import look_up as act

    by = User.objects.get_or_create(username="zhou")[0]
    with working_as(role, user=by):
        found = act(number=number, purpose="visit", words=words, by=by)
        return [one.name for one in found]


@pytest.mark.parametrize("number", ["1234", "138 0000 1234", NUMBER])
def test_a_number_is_looked_up_for_a_purpose_and_the_resident_can_read_it(
    known: Neighbourhood, number: str
) -> None:
    assert look_up(number) == ["虞阿香"]
    with working_as("community_worker"):
        entry = JournalEntry.objects.get(kind="person.looked_up")
        assert entry.subject_kind == "people.person"
        assert "送药上门" in entry.purpose
        assert number.replace(" ", "") not in f"{entry.text}{entry.data}{entry.purpose}"


def test_a_number_that_nobody_has_leaves_an_entry_too(known: Neighbourhood) -> None:
    assert look_up("13700009999") == []
    with working_as("community_worker"):
        assert JournalEntry.objects.filter(kind="person.looked_up").count() == 1


@pytest.mark.parametrize(
    ("number", "words", "code"),
    [
        ("虞阿香", "送药上门", "look_up.number"),
        ("12345", "送药上门", "look_up.number"),
        ("1234", "看", "reveal.words"),
    ],
)
def test_looking_up_needs_a_number_and_a_purpose(
    known: Neighbourhood, number: str, words: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        look_up(number, words=words)
    assert refused.value.code == code


@pytest.mark.parametrize("role", ["property_manager", "micro_grid_lead", "auditor"])
def test_who_may_not_reveal_may_not_look_up(known: Neighbourhood, role: str) -> None:
    with pytest.raises(Refused):
        look_up("1234", role)


def test_numbers_are_looked_up_so_often_a_day_found_or_not(
    known: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LOOK_UPS_A_DAY, "community_worker", 2)
    look_up("1234")
    look_up("13700009999")
    with pytest.raises(Refused) as refused:
        look_up("1234")
    assert refused.value.code == "look_up.too_often"


def test_a_changed_name_is_found_by_the_new_one_only(known: Neighbourhood) -> None:
    with working_as("community_worker"):
        person = people_found("邬根发").get()
        change_facts(
            person=person,
            changes={"name": "邬根法"},
            source="visit",
            confirmed_on=date(2026, 11, 2),
            by=None,
        )
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
