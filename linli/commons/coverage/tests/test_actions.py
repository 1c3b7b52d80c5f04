"""Coverage: what is refused, who holds what, nobody missed while people move."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linli.commons.coverage import actions, queries
from linli.commons.coverage.jobs import top_up_all
from linli.commons.coverage.models import Coverage, CoverageRow
from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.people.actions import move_out
from linli.register.posts.models import User
from linli.workbench.journal.models import JournalEntry
from tests.people import Subdistrict, a_person, a_subdistrict, a_user, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def town() -> Subdistrict:
    return a_subdistrict()


@pytest.fixture
def chen(town: Subdistrict) -> User:
    return a_user("chen", "community_worker", town.community)


def opened(town: Subdistrict, **given: Any) -> Coverage:
    facts = {
        "title": "燃气排查",
        "why": "燃气条例",
        "place": town.building("1"),
        "condition": {},
        "until_on": today() + timedelta(days=7),
    }
    return actions.open_coverage(**{**facts, **given}, by=None)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"title": ""}, "请写做什么"),
        ({"why": " "}, "请写依据和用途"),
        ({"until_on": today() - timedelta(days=1)}, "180天以内"),
        ({"until_on": today() + timedelta(days=999)}, "180天以内"),
    ],
)
def test_what_is_no_canvass_is_refused(town: Subdistrict, given: Any, said: str) -> None:
    with system_scope("test"):
        with pytest.raises(Refused, match=said):
            opened(town, **given)
        assert not Coverage.objects.exists()


def test_whoever_moves_in_is_added_once_and_whoever_left_stays_listed(
    town: Subdistrict, chen: User
) -> None:
    old = a_person(town.home("1", "101"), aged=86)
    with system_scope("test"):
        canvass = opened(town)
        assert CoverageRow.objects.count() == 6
        a_person(town.home("1", "102"), "钱阿宝", aged=30)
        assert actions.top_up(coverage=canvass, by=None) == 1
        assert actions.top_up(coverage=canvass, by=None) == 0
        move_out(person=old, on=today(), by=None)
        stop = queries.rows_of(canvass).get(household__isnull=False, place=old.home)
        # Nobody is sent to a household of which the register knows that it is gone.
        assert (stop.result, stop.words) == ("moved", "这一户已没有人")
        with pytest.raises(Refused, match="已搬走"):
            actions.record(row=stop, result="moved", way="door", by=chen)
        assert queries.progress(canvass).over == 1


def test_two_hold_two_households_and_none_the_same(town: Subdistrict, chen: User) -> None:
    lin = a_user("lin", "grid_worker", town.grids[0])
    for door in ("101", "102"):
        a_person(town.home("1", door), f"住户{door}", aged=60)
    with system_scope("test"):
        canvass = opened(town)
        first = queries.to_call(canvass, chen)[0]
        assert actions.hold(row=first, by=chen)
        assert not actions.hold(row=first, by=lin)
        second = queries.to_call(canvass, lin)[0]
        assert second.pk != first.pk
        # Recording lets go; another day it is tried again.
        fresh = queries.rows_of(canvass).get(pk=first.pk)
        actions.record(row=fresh, result="absent", way="phone", by=chen)
        fresh.refresh_from_db()
        assert (fresh.held_by, fresh.try_on) == (None, today() + timedelta(days=1))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"result": "waiting"}, "请选结果"),
        ({"way": "mail"}, "请选怎么联系的"),
        ({"result": "absent", "try_on": today() - timedelta(days=1)}, "不能早于今天"),
    ],
)
def test_what_is_no_result_is_refused(town: Subdistrict, chen: User, given: Any, said: str) -> None:
    with system_scope("test"):
        stop = queries.rows_of(opened(town)).first()
        with pytest.raises(Refused, match=said):
            actions.record(row=stop, by=chen, **{"result": "reached", "way": "door", **given})
        stop.refresh_from_db()
        assert stop.tries == 0


def test_it_is_closed_with_the_number_of_those_not_reached(town: Subdistrict, chen: User) -> None:
    with system_scope("test"):
        canvass = opened(town)
        with pytest.raises(Refused, match="还有6户没联系上"):
            actions.close_coverage(coverage=canvass, confirmed=None, by=chen)
        actions.close_coverage(coverage=canvass, confirmed=6, by=chen)
        with pytest.raises(Refused, match="已经结束"):
            actions.close_coverage(coverage=canvass, confirmed=6, by=chen)
        stop = queries.rows_of(canvass).first()
        for refused in (
            lambda: actions.record(row=stop, result="reached", way="door", by=chen),
            lambda: actions.correct(row=stop, reason="点错了", by=chen),
        ):
            with pytest.raises(Refused, match="已经结束"):
                refused()


def test_a_grid_worker_sees_their_part_and_starts_nothing(town: Subdistrict) -> None:
    lin = a_user("lin", "grid_worker", town.grids[0])
    with system_scope("test"):
        canvass = opened(town, place=town.town)
        assert CoverageRow.objects.count() == 18
    with working_as("grid_worker", town.grids[0].path, lin):
        assert queries.progress(queries.coverage_or_not_found(canvass.pk)).of == 12
        with pytest.raises(Refused, match="不能“开始走访排查”"):
            opened(town)


def test_what_was_said_stands_in_the_journal(town: Subdistrict, chen: User) -> None:
    with system_scope("test"):
        stop = queries.rows_of(opened(town)).first()
        actions.record(row=stop, result="refused", way="door", words="上月刚查过", by=chen)
        entry = JournalEntry.objects.get(kind="canvass.recorded")
        assert "上月刚查过" in entry.text
        assert "不愿意" in entry.text


def test_the_job_leaves_nothing_in_the_journal_when_nobody_moved_in(town: Subdistrict) -> None:
    with system_scope("test"):
        opened(town)
    for _quarter in range(4):
        assert top_up_all() == 0
    with system_scope("test"):
        assert not JournalEntry.objects.filter(kind="canvass.topped_up").exists()
    a_person(town.home("1", "102"), "钱阿宝", aged=30)
    assert top_up_all() == 1
    with system_scope("test"):
        assert JournalEntry.objects.filter(kind="canvass.topped_up").count() == 1
