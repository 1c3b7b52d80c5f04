"""No page, program interface or file counts or sorts workers (decision 0019).

Two workers of one community do different amounts. Everything that can be asked is asked by whoever
sees most: no question to the database groups or sorts by who did something, and nothing that is
shown sets a worker beside the number of what they did.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, models
from lxml import html

from linli.capabilities.visits.models import Promise, Visit
from linli.core.fields import DICTIONARY
from linli.core.raw_sql import scoped_tables
from linli.core.scope import system_scope
from linli.register.posts.models import Post, User
from linli.workbench.conditions import orm
from linli.workbench.tasks.models import Task
from tests.guards.walker.test_every_address import plan
from tests.guards.walker.town import OUR_COMMUNITY, TOWN, Walk, a_walk
from tests.guards.walker.walk import Walker, addresses, everything_said
from tests.scope.world import by_the_system

pytestmark = [pytest.mark.django_db]

# Numbers nothing else on a page has by chance.
DONE = {"尉迟勤": 47, "端木缓": 31}
# Who sees most of others' work; the auditor sees the log.
READERS = ("subdistrict_officer", "secretary", "auditor")
CLAUSES = re.compile(r"\b(GROUP BY|ORDER BY)\b(.*?)(?=\bGROUP BY\b|\bORDER BY\b|\bLIMIT\b|\)|$)")
# The log of one's own sign-ins and keys, the page of posts: sorted by name, they count nothing.
ROWS = "//li | //tr | //dl | //p | //*[contains(@class, 'tile')]"


def columns_of_workers() -> set[str]:
    """Return the names of the columns that say who did something."""
    user = get_user_model()
    return {
        one.column
        for model in scoped_tables(connection)
        for one in model._meta.concrete_fields
        if isinstance(one, models.ForeignKey) and one.related_model is user
    }


def ranks(sql: str, columns: set[str]) -> list[str]:
    """Return the clauses of a question that count or sort by who did something."""
    wrong = []
    selected = sql.partition(" FROM ")[0].split(", ")
    for clause, what in CLAUSES.findall(sql):
        # Columns may be named by their place in the list: GROUP BY 1.
        placed = [selected[int(n) - 1] for n in re.findall(r"\b(\d+)\b", what)
                  if 0 < int(n) <= len(selected)]  # fmt: skip
        named = set(re.findall(r'"(\w+)"', " ".join([what, *placed]))) & columns
        # One group of everything a row has is the row itself.
        if named and (clause == "ORDER BY" or "COUNT(" in sql or "SUM(" in sql):
            wrong.append(f"{clause}{what[:120]}")
    return wrong


def beside_their_number(said: str) -> list[str]:
    """Return the rows of a page where a worker's name stands beside the number of their work."""
    wrong = []
    for row in html.fromstring(said).xpath(ROWS) if said.strip() else []:
        text = row.text_content()
        numbers = set(re.findall(r"\d+", text))
        if len(text) < 400:
            wrong += [text for name, n in DONE.items() if name in text and str(n) in numbers]
    return wrong


@pytest.fixture
def walk() -> Walk:
    """The town of the walker, with two workers who did different amounts."""
    made = a_walk()
    for address in addresses():
        plan(address, made)
    with by_the_system():
        ours = made.areas["ours"]
        for number, (name, times) in enumerate(DONE.items()):
            user = User.objects.create(username=f"worker-{number}", name=name)
            Post.objects.create(
                user=user, role="community_worker", place=ours.grid.parent,
                scope_path=OUR_COMMUNITY, from_date=date(2026, 1, 1),
            )  # fmt: skip
            for n in range(times):
                _work(ours, user, n)
    return made


def _work(ours: Any, user: User, n: int) -> None:
    day = date(2026, 11, 20)
    given = {"person": ours.person, "place": ours.home, "scope_path": ours.home.path, "by": user}
    Visit.objects.create(day=day, until=day, done_on=day, state="done", way="door", **given)
    Promise.objects.create(
        what="修灯", due_on=day, made_on=day, kept_on=day, state="kept", **given
    )
    Task.objects.create(
        kind="visits.visit", title="看望", subject_kind="people.person", subject_id=ours.person.pk,
        place=ours.home, scope_path=ours.home.path, state="done", taken_by=user, ended_by=user,
        due_on=day, occasion=f"{user.pk}:{n}",
    )  # fmt: skip


@contextmanager
def questions() -> Iterator[list[str]]:
    asked: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield asked


@pytest.mark.parametrize("role", READERS)
def test_nothing_that_can_be_asked_ranks_workers(walk: Walk, role: str) -> None:
    columns, walker, wrong, seen = columns_of_workers(), Walker(walk.users[role]), [], 0
    for address in addresses():
        for area, path, _methods in plan(address, walk):
            if area not in ("", "ours"):
                continue
            with questions() as asked:
                answer = walker.ask("GET", path)
                said = everything_said(answer)
            seen += answer.status_code == 200
            wrong += [f"{path}: {one}" for sql in asked for one in ranks(sql, columns)]
            if "html" in answer.get("Content-Type", ""):
                wrong += [f"{path}: {row}" for row in beside_their_number(said)]
    assert seen > 20
    assert not wrong, "\n".join(sorted(set(wrong))[:30])


def test_no_fact_that_can_be_asked_listed_or_exported_is_of_a_worker() -> None:
    """Conditions, lists, cross-tables, files and the API know the dictionary alone."""
    user = get_user_model()
    for subject in DICTIONARY.subjects:
        for one in DICTIONARY.fields_of(subject.key, all=True):
            model: Any = orm.model_of(subject)
            for step in one.column.split("__") if one.column else []:
                column = model._meta.get_field(step)
                model = column.related_model
                assert model is not user, f"{subject.key}.{one.key}"


def test_negative_control_a_ranking_is_found(walk: Walk) -> None:
    columns = columns_of_workers()
    assert {"by_id", "taken_by_id", "ended_by_id"} <= columns
    with system_scope("test"), questions() as asked:
        list(Task.objects.values("ended_by").annotate(n=models.Count("pk")).order_by("-n"))
        list(Visit.objects.order_by("by"))
        list(Visit.objects.order_by("day")[:3])
    assert [bool(ranks(sql, columns)) for sql in asked] == [True, True, False]
    page = "<ul><li>尉迟勤 <b>47</b>次</li><li>端木缓 12月31日来过</li><li>看望78次</li></ul>"
    assert len(beside_their_number(page)) == 2
    assert TOWN in OUR_COMMUNITY
