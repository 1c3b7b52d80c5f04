"""R5: who comes for a leaking lift at three in the morning is one search."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from linli.capabilities.directory.queries import SearchAnswer, found_for
from linli.capabilities.directory.queries import search as searching
from linli.capabilities.directory.tests.builders import Neighbourhood, a_neighbourhood, as_worker
from linli.core.scope import system_scope
from linli.core.time import CHINA
from linli.register.parties.actions import add_party, close_party
from linli.register.parties.models import Party
from linli.register.parties.topics import BY_KEY
from linli.register.places.models import Place
from tests.people import working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
NOW = datetime(2026, 11, 23, 20, 15, tzinfo=CHINA)


@pytest.fixture(autouse=True)
def monday_evening(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "china_now", lambda: NOW)


@pytest.fixture
def here() -> Neighbourhood:
    return a_neighbourhood()


def ask(here: Neighbourhood, text: str, place: Place | None = None, **given: Any) -> SearchAnswer:
    with as_worker(here):
        wanted = (place or here.town.community).pk
        return found_for(text, place=Place.objects.get(pk=wanted), **given)


def names(hits: list[Any]) -> list[str]:
    return [hit.party.name for hit in hits]


def test_at_three_at_night_the_one_on_call_is_called_first(here: Neighbourhood) -> None:
    found = ask(here, "谁能在夜里三点来修漏水的电梯")
    assert names(found.there) == ["明州电梯维保"]
    first = found.there[0].first_call
    assert first is not None
    assert (first.name, first.dialled, first.is_on_call) == ("夜班师傅", "14300000002", True)
    assert not found.is_gap
    assert found.unknown == []


def test_in_english_too(here: Neighbourhood) -> None:
    assert names(ask(here, "leaking lift at 3 am here").there) == ["明州电梯维保"]


def test_who_maintains_this_very_lift_stands_first(here: Neighbourhood) -> None:
    with system_scope("set up a test"):
        town = Place.objects.get(pk=here.town.town.pk)
        add_party(place=town, name="一号电梯急修", kind="维保", hours="24小时", by=None)
    found = ask(here, "东方丽都1幢 夜里3点 电梯")
    assert found.place.name == "1幢"
    assert names(found.there) == ["明州电梯维保", "一号电梯急修"]
    assert found.there[0].maintains_here
    assert not found.there[1].maintains_here


def test_in_a_building_those_of_its_estate_help_with_the_leak(here: Neighbourhood) -> None:
    found = ask(here, "漏水", here.town.building("1"))
    assert names(found.there) == ["甬安物业"]


def test_those_not_there_say_when_they_are(here: Neighbourhood) -> None:
    found = ask(here, "凌晨3点 律师")
    assert found.is_gap
    assert names(found.later) == ["甬江律师事务所"]
    assert found.later[0].opens == datetime(2026, 11, 24, 9, 0, tzinfo=CHINA)


def test_a_gap_is_said_with_the_next_best_up_the_tree(here: Neighbourhood) -> None:
    found = ask(here, "现在 宽带断网", here.town.estate)
    assert found.there == found.later == []
    assert names(found.stand_in) == ["甬安物业"]
    assert any("用户zhouqiang" in one.names for one in found.next_best)


def test_words_nobody_understood_are_shown_and_others_search_the_entries(
    here: Neighbourhood,
) -> None:
    found = ask(here, "抓外星人")
    assert found.unknown == ["抓外星人"]
    assert found.is_gap
    by_name = ask(here, "王经理")
    assert (by_name.words, by_name.unknown) == (["王经理"], [])
    assert names(by_name.later + by_name.there) == ["明州电梯维保"]


def test_a_place_that_is_named_wins_over_my_own(here: Neighbourhood) -> None:
    with working_as("subdistrict_officer", here.town.town.path):
        town = Place.objects.get(pk=here.town.town.pk)
        found = found_for("潘火社区 现在谁能开锁", place=town)
        assert found.place.name == "潘火社区"
        assert names(found.there) == ["潘火社区锁行"]
        assert names(found_for("开锁", place=town).parts) == ["潘火社区锁行"]


def test_a_neighbours_parties_are_not_found(here: Neighbourhood) -> None:
    found = ask(here, "潘火社区 开锁")
    every = found.there + found.later + found.parts + found.also + found.unsure
    assert "潘火社区锁行" not in names(every)


def test_without_hours_nothing_is_promised(here: Neighbourhood) -> None:
    with system_scope("set up a test"):
        town = Place.objects.get(pk=here.town.town.pk)
        add_party(place=town, name="老陈锁行", kind="开锁", phone="14300000009", by=None)
    found = ask(here, "现在谁能开锁")
    assert names(found.unsure) == ["老陈锁行"]
    assert found.is_gap


def test_what_is_closed_for_good_is_not_found(here: Neighbourhood) -> None:
    with system_scope("set up a test"):
        gone = Party.objects.select_related("place").get(pk=here.lifts.pk)
        close_party(party=gone, reason="合同到期", by=None)
    assert names(ask(here, "夜里3点 电梯").there) == []


def test_a_tapped_topic_is_asked_like_a_typed_one(here: Neighbourhood) -> None:
    assert names(ask(here, "", topic=BY_KEY["lift"]).there) == ["明州电梯维保"]


def test_nothing_asked_shows_everybody_who_serves_here(here: Neighbourhood) -> None:
    found = ask(here, "", here.town.estate)
    assert set(names(found.there + found.later)) == {"甬安物业", "明州电梯维保", "甬江律师事务所"}
