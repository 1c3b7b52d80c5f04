"""`linli visits plan`: a period laid out for people and programs, nothing changed."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from linli.capabilities.visits import actions
from linli.capabilities.visits.models import CarePlan, Visit
from linli.core.scope import system_scope
from linli.core.time import today
from linli.faces.cli.main import main
from linli.workbench.conditions import queries as conditions
from tests.people import a_person, a_subdistrict, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan() -> CarePlan:
    town = a_subdistrict()
    a_user("shuji", "secretary", town.community)
    a_user("qita", "secretary", town.next_community)
    for door, age in (("101", 86), ("102", 91), ("201", 40)):
        a_person(town.home("1", door), f"住户{door}", aged=age)
    with system_scope("test"):
        given = {
            "name": "高龄每周",
            "every": 7,
            "condition": conditions.condition_json(conditions.understood("person", "80岁以上老人")),
        }
        made = actions.save_plan(plan=CarePlan(place=town.community), given=given, by=None)
        return actions.switch_plan(plan=made, on=True, people=2, of=3, confirmed=None, by=None)


def _told(capsys: Any, *words: str) -> list[dict[str, Any]]:
    assert main(["visits", "plan", *words, "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_period_is_laid_out_and_nothing_changes(plan: CarePlan, capsys: Any) -> None:
    first, last = today(), today() + timedelta(days=27)
    told = _told(capsys, "--as", "shuji", "--from", str(first), "--to", str(last))
    assert len({one["person"] for one in told}) == 2
    assert len(told) >= 6
    assert all(str(first) <= one["day"] <= str(last) for one in told)
    with system_scope("test"):
        assert Visit.objects.count() == 0


def test_another_community_plans_nobody_of_ours(plan: CarePlan, capsys: Any) -> None:
    assert _told(capsys, "--as", "qita") == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--from", "2026年"], "不是日期"),
        (["--from", "2026-11-23", "--to", "2026-11-01"], "起在止前"),
        (["--from", "2026-01-01", "--to", "2029-01-01"], "最多400天"),
    ],
)
def test_what_is_no_period_is_said(
    plan: CarePlan, capsys: Any, words: list[str], said: str
) -> None:
    assert main(["visits", "plan", "--as", "shuji", *words]) != 0
    assert said in capsys.readouterr().err


def test_a_year_whose_days_off_are_not_known_is_said(plan: CarePlan, capsys: Any) -> None:
    period = ["--as", "shuji", "--from", "2031-12-22", "--to", "2032-01-20"]
    assert main(["visits", "plan", *period]) == 0
    told = capsys.readouterr()
    for year in (2031, 2032):
        assert f"{year}年的放假安排还没有录入" in told.err
    assert main(["visits", "plan", *period, "--json"]) == 0
    told = capsys.readouterr()
    assert not any(json.loads(line)["year_is_known"] for line in told.out.splitlines())
    # The negative control: a published year is planned without a word.
    known = ["--as", "shuji", "--from", "2026-11-23", "--to", "2026-12-04"]
    assert main(["visits", "plan", *known]) == 0
    assert "放假安排" not in capsys.readouterr().err
    assert main(["visits", "plan", *known, "--json"]) == 0
    told = capsys.readouterr()
    assert all(json.loads(line)["year_is_known"] for line in told.out.splitlines())
