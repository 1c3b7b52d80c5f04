"""R2: the subdistrict changes the rule of a care group, sees whom it moves, and takes it back."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from linli.capabilities.alerts.terms import RESPOND
from linli.core.errors import NotFound, Refused
from linli.core.fields import DICTIONARY, PERSON, Compare, Condition, Op
from linli.core.time import today
from linli.register.posts.models import User
from linli.workbench.conditions import actions, queries
from linli.workbench.conditions.care_groups import groups_of, rules_of
from linli.workbench.conditions.compilers import duckdb_compiler, orm_compiler
from linli.workbench.conditions.models import OwnField
from linli.workbench.conditions.own_fields import dictionary
from linli.workbench.conditions.snapshot import refresh
from linli.workbench.journal.models import JournalEntry
from linli.workbench.tasks.actions import open_task
from linli.workbench.tasks.queries.inbox import inbox
from tests.residents.world import Neighbourhood, a_neighbourhood, a_user, someone, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
WHY = "本街道75岁起上门探访"


@pytest.fixture
def here() -> Neighbourhood:
    """Of 82, 77 alone, 77 with a husband of 70, and 40."""
    made = a_neighbourhood()
    with working_as("secretary"):
        someone(made.homes[0], "虞阿香", birth_date=born(82))
        someone(made.homes[1], "陈根宝", birth_date=born(77))
        wife = someone(made.homes[2], "沈月仙", birth_date=born(77))
        someone(made.homes[2], "周大伯", birth_date=born(70), household=wife.household)
        someone(made.homes[3], "周小军", birth_date=born(40), disability_kind="4")
    return made


def born(age: int) -> date:
    return today().replace(year=today().year - age, month=1, day=1)


@pytest.fixture
def officer(here: Neighbourhood) -> User:
    return a_user("officer", "subdistrict_officer", here.town)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at_town(here: Neighbourhood, user: User | None = None) -> Any:
    return working_as("subdistrict_officer", here.town.path, user)


def very_old(day: date | None = None) -> list[str]:
    words, where = dictionary(), Compare("very_old", Op.EQ, True)
    rows = orm_compiler.queryset(Condition(PERSON, where), words, day or today())
    return sorted(rows.values_list("name", flat=True))


def change(here: Neighbourhood, user: User, **more: Any) -> OwnField:
    given = {"key": "very_old", "age": 75, "alone": False, "since": today(), "why": WHY} | more
    with at_town(here, user):
        return actions.change_group(place=here.town, by=user, **given)


def test_the_officer_tries_a_rule_sees_who_joins_and_then_lets_it_hold(
    here: Neighbourhood, officer: User, tmp_path: Path
) -> None:
    page = signed_in(officer)
    address = "/care-groups/very_old/change/"
    sent = {"age": "75", "since": today().isoformat(), "why": WHY}
    first = page.post(address, sent).content.decode()
    assert "现在1人，改后3人：新进2人，退出0人" in first
    assert "陈根宝" in first
    with at_town(here):
        assert very_old() == ["虞阿香"], "trying changes nothing"
    seen = f"2-0 {today()} ≥75岁"
    # Seen for another rule is not seen.
    assert page.post(address, {**sent, "alone": "on", "seen": seen}).status_code == 200
    assert page.post(address, {**sent, "seen": seen}).status_code == 302
    with at_town(here):
        assert very_old() == ["沈月仙", "虞阿香", "陈根宝"]
        snapshot = refresh(tmp_path)
        asked = Condition(PERSON, Compare("very_old", Op.EQ, True))
        words = dictionary()
        by_orm = list(orm_compiler.queryset(asked, words, today()).values_list("pk", flat=True))
        assert duckdb_compiler.ids(asked, words, today(), snapshot) == by_orm
        table = queries.cross_tab(Condition(PERSON), "very_old")
        assert dict(zip(table.rows, (row[0] for row in table.counts), strict=True))["是"] == 3
        assert queries.count(queries.asked("高龄老人").condition) == 3
        # A number in a sentence is that number, whatever a group is.
        assert queries.count(queries.asked("80岁以上的人").condition) == 1
        assert JournalEntry.objects.filter(kind="group.changed").count() == 1
    worker = signed_in(a_user("lin", "community_worker", here.community))
    with working_as("community_worker"):
        pk = orm_compiler.queryset(Condition(PERSON), dictionary(), today()).get(name="陈根宝").pk
    shown = worker.get(f"/people/{pk}/").content.decode()
    assert f"77岁（≥75岁；本街道{today().isoformat()}起的规则）" in shown
    read = worker.get("/care-groups/very_old/").content.decode()
    assert WHY in read
    assert "≥75岁" in read
    assert worker.get("/care-groups/very_old/change/").status_code == 404
    assert worker.post("/care-groups/very_old/take-back/0/").status_code == 404


def test_only_those_alone_and_only_from_its_day(here: Neighbourhood, officer: User) -> None:
    tomorrow = today() + timedelta(days=1)
    change(here, officer, alone=True, since=tomorrow)
    with at_town(here):
        assert very_old() == ["虞阿香"]
        assert very_old(tomorrow) == ["虞阿香", "陈根宝"]


def test_a_rule_is_taken_back_and_both_stay_readable(here: Neighbourhood, officer: User) -> None:
    change(here, officer)
    page = signed_in(officer)
    assert page.post("/care-groups/very_old/take-back/0/").status_code == 302
    with at_town(here):
        assert very_old() == ["虞阿香"]
        assert JournalEntry.objects.filter(kind="group.taken_back").count() == 1
    assert "已收回" in page.get("/care-groups/very_old/").content.decode()
    with at_town(here, officer), pytest.raises(Refused):
        actions.take_back_rule(key="very_old", number=0, by=officer)


def test_a_group_of_its_own_is_asked_shown_weighed_and_counted(
    here: Neighbourhood, officer: User
) -> None:
    page = signed_in(officer)
    sent = {
        "label": "探访对象",
        "sentence": "75岁以上独居的人",
        "since": today().isoformat(),
        "why": "独居的先看",
    }
    tried = page.post("/care-groups/new/change/", sent).content.decode()
    assert "现在0人，改后2人：新进2人，退出0人" in tried
    seen = tried.split('name="seen" value="')[1].split('"')[0].replace("&gt;", ">")
    assert page.post("/care-groups/new/change/", {**sent, "seen": seen}).status_code == 302
    with at_town(here):
        assert queries.count(queries.asked("探访对象").condition) == 2
        person = orm_compiler.queryset(Condition(PERSON), dictionary(), today()).get(name="陈根宝")
        plain = orm_compiler.queryset(Condition(PERSON), dictionary(), today()).get(name="沈月仙")
    worker = a_user("lin", "community_worker", here.community)
    with working_as("community_worker", here.community.path, worker):
        for one in (person, plain):
            open_task(kind=RESPOND, about=one, place=one.home, title="看望", person=one, by=None)
        lines = {line.person_id: line for door in inbox(worker).doors for line in door.lines}
    assert "探访对象" in lines[person.pk].needs
    assert lines[person.pk].points > lines[plain.pk].points
    shown = signed_in(worker).get(f"/people/{person.pk}/").content.decode()
    assert "探访对象" in shown
    assert "探访对象" in page.get(f"/places/{here.community.pk}/").content.decode()


def test_a_rule_that_cannot_be_worked_out_everywhere_is_refused(
    here: Neighbourhood, officer: User
) -> None:
    with at_town(here, officer):
        for where in (
            Compare("very_old", Op.EQ, True),
            Compare("community", Op.EQ, here.community.path),
        ):
            with pytest.raises(Refused):
                actions.own_rule(where, since=today())
    for wrong in ({"age": 50}, {"since": today() - timedelta(days=1)}, {"why": ""}):
        with pytest.raises(Refused):
            change(here, officer, **wrong)


def test_nobody_below_the_subdistrict_sets_a_rule(here: Neighbourhood) -> None:
    secretary = a_user("yin", "secretary", here.community)
    with (
        working_as("secretary", here.community.path, secretary),
        pytest.raises((Refused, NotFound)),
    ):
        actions.change_group(
            key="very_old", place=here.community, age=75, since=today(), why=WHY, by=secretary
        )
    assert groups_of(DICTIONARY) == {}


def test_the_built_in_rule_is_the_default() -> None:
    (rule,) = rules_of("very_old", ())
    assert (rule.says, rule.since) == ("≥80岁", None)
