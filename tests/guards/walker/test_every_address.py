"""The permission walker: every address × method × role × neighbourhood.

Words of other scopes are searched in every body, header and file; an address out of scope answers
as if the row were not there; nothing crashes; nothing outside the scope is changed. No page shows
a line break of its template as a space inside Chinese text.
"""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse

from linli.core.database import raw_sql
from linli.core.scope import guard_switched_off_for_negative_control, system_scope
from tests.guards.walker.fills import CannotFill, filled, missing, names_a_row
from tests.guards.walker.gaps import gaps
from tests.guards.walker.town import AREAS, POSTS, READS_NOTHING, Walk, a_walk, numbers_of
from tests.guards.walker.walk import (
    Address,
    Walker,
    addresses,
    everything_said,
    is_walked,
    methods_for,
)

pytestmark = [pytest.mark.django_db]

# Those with the scope of another, or with none like another, are walked by night.
BY_NIGHT = (
    "subdistrict_officer",
    "auditor",
    "community_worker",
    "micro_grid_lead",
    "property_manager",
    "leaver",
    "nobody",
)
ROLES = [
    pytest.param(one, marks=pytest.mark.nightly) if one in BY_NIGHT else one
    for one in (*POSTS, "anonymous")
]
# By day one of the two who see most of the product walks each address, by night everybody.
SHARES = {"secretary": 0, "grid_worker": 1}
# One tap calls somebody who lives there; the journal says from where.
CALLED_FROM = ("round/doors/<int:pk>/call/<int:person>/", "tasks/<int:pk>/call/")
READING = ("GET", "HEAD", "OPTIONS")
# Shown to everybody whatever the scope: pages about the product itself.
OPEN_TO_ALL = ("account/", "sign-in/", "patterns/", "static/", "healthz/")
REFUSALS = {302, 401, 403, 404, 405}


@pytest.fixture
def walk() -> Walk:
    return a_walk()


def outside(path: str, everything: bool) -> str:
    """Write down every row that does not lie below ``path``; the journal may grow."""
    found: list[str] = []
    with system_scope("test: the others"):
        for model in raw_sql.scoped_tables(connection):
            if model._meta.label == "journal.JournalEntry":
                continue
            rows = model.objects.order_by("pk")
            if not everything:
                rows = rows.exclude(scope_path__gte=path, scope_path__lt=f"{path[:-1]}0")
            found += [str(row) for row in rows.values()]
    return json.dumps(found)


def leaks(walk: Walk, role: str, said: str) -> list[str]:
    return [word for word in walk.forbidden(role) if word in said]


def may_be_kept(path: str, answer: Any) -> bool:
    """Static files keep their year; nothing else is to lie in a browser or on the way."""
    return not path.startswith("/static/") and "no-store" not in answer.get("Cache-Control", "")


def plan(address: Address, walk: Walk) -> list[tuple[str, str, tuple[str, ...]]]:
    """Which paths to ask in which ways: (neighbourhood, path, methods)."""
    arguments = dict(address.arguments)
    if not names_a_row(address.route, arguments):
        return [
            ("", address.path(values), methods_for(address.route))
            for values in filled(address.route, arguments, walk, "ours")
        ]
    found = []
    for area in AREAS:
        near = area in ("ours", "next community")
        methods = methods_for(address.route) if near else ("GET",)
        for values in filled(address.route, arguments, walk, area):
            found.append((area, address.path(values), methods))
    return found


def one_address(walk: Walk, role: str, walker: Walker, address: Address) -> list[str]:
    """Ask one address in every way; return what is wrong."""
    wrong = []
    nowhere = (
        walker.ask("GET", address.path(missing(dict(address.arguments)))).status_code
        if names_a_row(address.route, dict(address.arguments))
        else 0
    )
    for area, path, methods in plan(address, walk):
        for method in methods:
            answer = walker.ask(method, path)
            words = leaks(walk, role, everything_said(answer))
            if (method, area) == ("POST", "ours") and address.route in CALLED_FROM:
                words = [word for word in words if word != numbers_of(area)["phone"]]
            if words:
                wrong.append(f"{role} {method} {path}: shows {words}")
            wrong += [f"{role} {method} {path}: a gap in “{text}”" for text in gaps(answer)]
            if may_be_kept(path, answer):
                wrong.append(f"{role} {method} {path}: may be kept by a browser or a proxy")
            if answer.status_code >= 500:
                wrong.append(f"{role} {method} {path}: {answer.status_code}")
            if area and not walk.sees(_reader(role, address), area):
                if answer.status_code not in REFUSALS and method != "OPTIONS":
                    wrong.append(f"{role} {method} {path}: {answer.status_code} out of scope")
                if method == "GET" and answer.status_code != nowhere:
                    wrong.append(f"{role} {path}: {answer.status_code}, missing is {nowhere}")
    return wrong


def _reader(role: str, address: Address) -> str:
    """Return whose scope a page keeps to: an auditor reads no register and the log of the town."""
    watches = role == "auditor" and address.route.startswith("logs/about/")
    return "subdistrict_officer" if watches else role


@pytest.mark.parametrize("role", ROLES)
def test_every_address_keeps_to_the_scope(walk: Walk, role: str) -> None:
    for address in addresses():  # every canary object is there before anybody walks
        plan(address, walk)
    held = POSTS.get(role)
    path = held[1] if held else "/"
    before = outside(path, role in READS_NOTHING)
    walker = Walker(walk.users.get(role))
    wrong = [
        w
        for address in addresses()
        if role not in SHARES or is_walked(address.route, SHARES[role])
        for w in one_address(walk, role, walker, address)
    ]
    problems = [*walker.crashes.values(), *wrong[:40]]
    assert not problems, "\n".join(problems)
    assert outside(path, role in READS_NOTHING) == before, "something outside the scope changed"


@pytest.mark.parametrize("role", ["secretary", "grid_worker"])
def test_the_walk_gets_somewhere(walk: Walk, role: str) -> None:
    """A walk that only meets closed doors would prove nothing."""
    walker = Walker(walk.users[role])
    open_pages = (
        path
        for address in addresses()
        for area, path, _ in plan(address, walk)
        if area in ("", "ours") and walker.ask("GET", path).status_code == 200
    )
    assert len(list(itertools.islice(open_pages, 20))) == 20


def test_without_the_guard_the_walk_finds_leaks(walk: Walk) -> None:
    """The negative control: with the scope guard off the same walk is full of others' words."""
    walker = Walker(walk.users["grid_worker"])
    with guard_switched_off_for_negative_control():
        wrong = (
            w for address in addresses() for w in one_address(walk, "grid_worker", walker, address)
        )
        assert any("shows" in one for one in wrong)  # one is proof enough


def test_an_argument_nobody_taught_fails(walk: Walk) -> None:
    with pytest.raises(CannotFill, match="teach"):
        filled("somewhere/<int:mystery>/", {"mystery": "int"}, walk, "ours")


def test_a_word_in_a_file_is_found() -> None:
    """Workbooks are opened: their text is compressed and would hide a leak."""
    import io

    import xlsxwriter
    from django.http import HttpResponse

    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().write(0, 0, "玄鸟")
    assert "玄鸟" in everything_said(HttpResponse(out.getvalue()))
    assert "玄鸟" in everything_said(HttpResponse('{"a": "\\u7384\\u9e1f"}', "application/json"))
    quoted = {"Content-Disposition": "attachment; filename*=UTF-8''%E7%8E%84%E9%B8%9F.xlsx"}
    assert "玄鸟" in everything_said(HttpResponse("", headers=quoted))
    assert "玄鸟" not in everything_said(HttpResponse("白鹭"))


def test_nobody_signs_themselves_up(walk: Walk) -> None:
    from linli.register.posts.models import User

    number = User.objects.count()
    answer: Any = Walker().client.post(
        "/account/signup/",
        {
            "username": "mallory",
            "email": "m@x.cn",
            "password1": "Wq7!mmdk2x",
            "password2": "Wq7!mmdk2x",
        },
    )
    assert User.objects.count() == number, answer.status_code


def test_without_its_guard_answers_may_be_kept(walk: Walk, settings: Any) -> None:
    """The negative control: without the guard the same walk finds pages that a browser keeps."""
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if not one.endswith("NoStore")]
    walker = Walker(walk.users["grid_worker"])
    wrong = (
        w for address in addresses() for w in one_address(walk, "grid_worker", walker, address)
    )
    assert any("may be kept" in one for one in wrong)  # one is proof enough


def test_a_line_break_inside_chinese_text_is_found(
    walk: Walk, settings: Any, tmp_path: Path
) -> None:
    """The negative control: a header broken inside its words is found on the pages that use it."""
    (tmp_path / "components").mkdir()
    broken = "<h1>邻\n  <b>里</b></h1>"
    (tmp_path / "components/page_header.html").write_text(broken, encoding="utf-8")
    first = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**first, "DIRS": [tmp_path, *first["DIRS"]]}]
    walker = Walker(walk.users["grid_worker"])
    wrong = (
        w for address in addresses() for w in one_address(walk, "grid_worker", walker, address)
    )
    assert any("a gap in “邻 里”" in one for one in wrong)  # one is proof enough


def test_only_a_line_break_between_chinese_characters_is_a_gap() -> None:
    assert gaps(HttpResponse("<p>一户\n  三人</p>")) == ["一户 三人"]
    for right in (
        "<p>\n  一户三人\n</p>\n<p>二户</p>",
        "<p>一户 三人</p>",
        "<p>一户\n  3人</p>",
        "<p>一户<br>\n三人</p>",
        "<div><a>一户</a>\n<a>三人</a></div>",
        "<textarea>一户\n三人</textarea>",
        "",
    ):
        assert gaps(HttpResponse(right)) == []
    assert gaps(HttpResponse("一户\n三人", content_type="text/plain")) == []
