"""No page, program interface or file counts or sorts workers (decision 0019).

Two workers of one community do different amounts. Everything that can be asked is asked by whoever
sees most, by night by everybody and with what they send: no question to the database groups or
sorts by who did something, whether by their key or by their name, and no page, answer to a program
or file sets a worker beside the number of what they did.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.contrib.auth import get_user_model
from django.db import connection, models
from django.utils.timezone import now
from lxml import html
from python_calamine import CalamineWorkbook

from linli.capabilities.cases.models import Case
from linli.capabilities.cases.queries.board import board
from linli.capabilities.visits.models import Promise, Visit
from linli.core.database.raw_sql import scoped_tables
from linli.core.fields import DICTIONARY
from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.places.models import Place
from linli.register.posts.models import Post, User
from linli.workbench.conditions.compilers import orm_compiler
from linli.workbench.tasks.models import Task
from tests.guards.walker.test_every_address import plan
from tests.guards.walker.town import OUR_COMMUNITY, POSTS, TOWN, Walk, a_walk
from tests.guards.walker.walk import Walker, addresses, everything_said, is_walked, is_whole
from tests.scope.world import by_the_system

pytestmark = [pytest.mark.django_db]

# Numbers nothing else on a page has by chance.
DONE = {"尉迟勤": 47, "端木缓": 31}
# Who sees most of others' work; the auditor sees the log. By day each walks a third.
READERS = ("subdistrict_officer", "secretary", "auditor")
WALKS = [
    *((role, ("GET",)) for role in READERS),
    *(
        pytest.param(role, ("GET", "POST"), marks=pytest.mark.nightly)
        for role in POSTS
        if role not in ("leaver", "nobody")
    ),
]
CLAUSES = re.compile(r"\b(GROUP BY|ORDER BY)\b(.*?)(?=\bGROUP BY\b|\bORDER BY\b|\bLIMIT\b|\)|$)")
USERS = get_user_model()._meta.db_table
# Lists of users and of their posts: sorted by name, they count nothing.
OF_USERS = (f'FROM "{USERS}"', f'FROM "{Post._meta.db_table}"')
JOINED = re.compile(rf'JOIN "{USERS}" ("?\w+"?) ON')
ROWS = "//li | //tr | //dl | //p | //*[contains(@class, 'tile')]"


def columns_of_workers() -> set[str]:
    """Return the names of the columns that say who did something."""
    user = get_user_model()
    return {
        field.column
        for model in scoped_tables(connection)
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.related_model is user
    }


def of_the_user(sql: str, what: str) -> bool:
    """Does a clause name a column of the table of users, by its name or by an alias of a join?"""
    names = {f'"{USERS}"', *JOINED.findall(sql)}
    return any(f"{name}." in what for name in names)


def ranks(sql: str, columns: set[str]) -> list[str]:
    """Return the clauses of a question that count or sort by who did something."""
    wrong = []
    selected = sql.partition(" FROM ")[0].split(", ")
    is_list = any(user in sql for user in OF_USERS)
    for clause, what in CLAUSES.findall(sql):
        # Columns may be named by their place in the list: GROUP BY 1.
        placed = [
            selected[int(n) - 1]
            for n in re.findall(r"\b(\d+)\b", what)
            if 0 < int(n) <= len(selected)
        ]
        whole = " ".join([what, *placed])
        named = bool(set(re.findall(r'"(\w+)"', whole)) & columns)
        named |= of_the_user(sql, whole) and not (is_list and clause == "ORDER BY")
        # One group of everything a row has is the row itself.
        if named and (clause == "ORDER BY" or "COUNT(" in sql or "SUM(" in sql):
            wrong.append(f"{clause}{what[:120]}")
    return wrong


def beside_their_number(rows: Iterable[str]) -> list[str]:
    """Return the rows in which a worker's name stands beside the number of their work."""
    wrong = []
    for text in rows:
        if len(text) < 400 and any(name in text for name in DONE):
            numbers = set(re.findall(r"\d+", text))
            wrong += [text for name, n in DONE.items() if name in text and str(n) in numbers]
    return wrong


def rows_of(kind: str, body: bytes, said: str) -> list[str]:
    """Return what stands side by side in an answer of any kind: rows, objects, lines."""
    if body[:2] == b"PK" and "sheet" in kind:
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
        return [" ".join(map(str, row)) for sheet in sheets for row in sheet]
    if "html" in kind:
        found = html.fromstring(said).xpath(ROWS) if said.strip() else []
        return [row.text_content() for row in found]
    if "json" in kind and body:
        return list(_objects(json.loads(body)))
    return said.splitlines()


def _objects(given: Any) -> Iterator[str]:
    """Return every object and list of a JSON answer with the plain values it holds itself."""
    pairs = given.items() if isinstance(given, dict) else enumerate(given)
    own = []
    for key, value in pairs:
        if isinstance(value, dict | list):
            yield from _objects(value)
            # {"worker": {"name": …}, "visits": 47}: what is nested once still stands beside it.
            both = isinstance(given, dict) and isinstance(value, dict)
            plain = value.values() if both else []
            own += [one for one in plain if not isinstance(one, dict | list)]
        else:
            own += [key, value] if isinstance(given, dict) else [value]
    yield " ".join(map(str, own))


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
                user=user,
                role="community_worker",
                place=ours.grid.parent,
                scope_path=OUR_COMMUNITY,
                from_date=date(2026, 1, 1),
            )
            for n in range(times):
                _work(ours, user, n)
    return made


def _work(ours: Any, user: User, n: int) -> None:
    day = today()  # figures look back from today
    given = {"person": ours.person, "place": ours.home, "scope_path": ours.home.path, "by": user}
    Visit.objects.create(day=day, until=day, done_on=day, state="done", way="door", **given)
    Promise.objects.create(what="修灯", due_on=day, made_on=day, kept_on=day, state="kept", **given)
    Task.objects.create(
        kind="visits.visit",
        title="看望",
        subject_kind="people.person",
        subject_id=ours.person.pk,
        place=ours.home,
        scope_path=ours.home.path,
        state="done",
        taken_by=user,
        ended_by=user,
        due_on=day,
        occasion=f"{user.pk}:{n}",
    )


@contextmanager
def questions() -> Iterator[list[str]]:
    asked: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield asked


@pytest.mark.parametrize(("role", "methods"), WALKS)
def test_nothing_that_can_be_asked_ranks_workers(
    walk: Walk, role: str, methods: tuple[str, ...]
) -> None:
    columns, walker, wrong, seen = columns_of_workers(), Walker(walk.users[role]), [], 0
    for address in addresses():
        if role in READERS and not is_walked(address.route, READERS.index(role), len(READERS)):
            continue
        for area, path, _methods in plan(address, walk):
            if area not in ("", "ours"):
                continue
            for method in methods:
                found, status = _ask(walker, method, path, columns)
                seen += status == 200
                wrong += [f"{method} {path}: {one}" for one in found]
    assert seen > (20 if is_whole() else 5)  # by day an auditor opens few of a third
    assert not wrong, "\n".join(sorted(set(wrong))[:30])


def _ask(walker: Walker, method: str, path: str, columns: set[str]) -> tuple[list[str], int]:
    """Ask; return what is wrong about the questions or the answer, and how it was answered."""
    with questions() as asked:
        answer = walker.ask(method, path)
        if getattr(answer, "streaming", False):
            parts = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
            answer.streaming_content = [parts]  # type: ignore[attr-defined]
            body = parts
        else:
            body = answer.content
        said = everything_said(answer)
    rows = rows_of(answer.get("Content-Type", ""), body, said)
    wrong = [rank for sql in asked for rank in ranks(sql, columns)]
    return [*wrong, *beside_their_number(rows)], answer.status_code


def test_no_fact_that_can_be_asked_listed_or_exported_is_of_a_worker() -> None:
    """Conditions, lists, cross-tables, files and the API know the dictionary alone."""
    user = get_user_model()
    for subject in DICTIONARY.subjects:
        for field in DICTIONARY.fields_of(subject.key, all=True):
            model: Any = orm_compiler.model_of(subject)
            for step in field.column.split("__") if field.column else []:
                column = model._meta.get_field(step)
                model = column.related_model
                assert model is not user, f"{subject.key}.{field.key}"


def by_whose_name(text: str, columns: set[str]) -> list[str]:
    """Return the places where rows are narrowed to those of a worker who is named."""
    workers = "|".join(sorted(column.removesuffix("_id") for column in columns))
    return re.findall(rf"\b(?:{workers})__(?:name|username)\w*\s*=", text)


def test_no_list_is_narrowed_to_the_work_of_somebody_named() -> None:
    """Narrowed by person, every list is a count of their work, if only by its pages."""
    columns = columns_of_workers() - {"user_id"}  # posts of somebody: appointments, not work
    wrong = {
        str(file): found
        for file in sorted(Path("linli").rglob("*.py"))
        if (found := by_whose_name(file.read_text(encoding="utf-8"), columns))
    }
    assert wrong == {}
    assert by_whose_name("rows.filter(Q(by__name__contains=who))", columns)


def test_what_is_finished_has_no_total(walk: Walk) -> None:
    """Finished cases of a place with one seat are the number of whoever holds it."""
    ours = walk.areas["ours"]
    with by_the_system():
        for _n in range(51):
            Case.objects.create(
                place=ours.home,
                scope_path=ours.home.path,
                title="路灯坏了",
                text="路灯坏了",
                channel="walk_in",
                state="closed",
                outcome="fixed",
                received_at=now(),
                closed_at=now(),
            )
    client = Walker(walk.users["secretary"])
    page = everything_said(client.ask("GET", f"/cases/?view=closed&place={ours.grid.pk}"))
    assert 'class="pager"' in page  # there is a second page
    assert "pager-where" not in page
    answer = json.loads(client.ask("GET", "/api/v1/cases?state=closed").content)
    assert answer["total"] is None
    assert len(answer["cases"]) > 5


def test_the_board_has_no_number_of_a_single_seat(walk: Walk) -> None:
    with system_scope("test"):
        seat = Place.objects.get(path=walk.areas["ours"].grid.path)
        labels = [one.label for one in board().waiting_for]
    assert not [label for label in labels if seat.name in label]


def test_negative_control_a_ranking_is_found(walk: Walk) -> None:
    columns = columns_of_workers()
    assert {"by_id", "taken_by_id", "ended_by_id"} <= columns
    with system_scope("test"), questions() as asked:
        list(Task.objects.values("ended_by").annotate(n=models.Count("pk")).order_by("-n"))
        list(Visit.objects.order_by("by"))
        list(Visit.objects.order_by("day")[:3])
        # By their name, which is no column of what they did.
        list(Visit.objects.values("by__name").annotate(n=models.Count("pk")).order_by("-n"))
        list(Task.objects.values("taken_by__name", "ended_by__name").annotate(models.Sum("pk")))
        list(Visit.objects.order_by("by__name"))
        list(User.objects.annotate(n=models.Count("posts")).order_by("-n"))
        list(Visit.objects.select_related("by").order_by("day")[:3])
        list(User.objects.order_by("name"))
    assert [bool(ranks(sql, columns)) for sql in asked] == [
        True,
        True,
        False,
        True,
        True,
        True,
        True,
        False,
        False,
    ]
    assert TOWN in OUR_COMMUNITY


def test_negative_control_a_name_beside_its_number_is_found_in_every_kind_of_answer() -> None:
    page = "<ul><li>尉迟勤 <b>47</b>次</li><li>端木缓 12月31日来过</li><li>看望78次</li></ul>"
    told = json.dumps({"rows": [{"by": "尉迟勤", "n": 47}, {"by": "端木缓", "n": 30}]})
    nested = json.dumps([{"worker": {"id": 3, "name": "端木缓"}, "visits": 31}])
    keyed = json.dumps({"尉迟勤": 47})
    plain = json.dumps({"worker": "尉迟勤", "rows": [{"visits": 78}]})
    lines = "姓名,次数\n尉迟勤,47\n端木缓,2\n"
    for kind, text, times in (
        ("text/html", page, 2),
        ("application/json", told, 1),
        ("application/json", nested, 1),
        ("application/json", keyed, 1),
        ("application/json", plain, 0),
        ("text/csv", lines, 1),
    ):
        assert len(beside_their_number(rows_of(kind, text.encode(), text))) == times, text
    book = openpyxl.Workbook()
    for row in (["姓名", "次数"], ["尉迟勤", 47], ["端木缓", 2]):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert len(beside_their_number(rows_of(kind, file.getvalue(), ""))) == 1
