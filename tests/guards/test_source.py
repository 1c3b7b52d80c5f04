"""What the source may not contain, each rule with a piece of bad source that it must find."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.guards.source import ROOT, called, listed, name_of, nodes, trees

Offences = Iterator[str]
Rule = Callable[[str, ast.Module], Offences]

SQL_MODULES = (
    "linli/core/database/raw_sql.py",
    "linli/core/database/backup.py",
    "linli/core/database/row_security.py",
)
TO_THE_DRIVER = ("cursor", "chunked_cursor", "connection")
KEYS_TO_THE_HOUSE = {"system_scope", "writes_allowed", "as_owner"}
SQL = re.compile(r"\b(SELECT\b.+\bFROM|INSERT\s+INTO|DELETE\s+FROM|UPDATE\s+\w+\s+SET)\b", re.S)


def closed_doors(file: str, tree: ast.Module) -> Offences:
    """raw(), extra(), RawSQL, cursors and the driver's own connection."""
    for node in nodes(tree):
        if file.startswith("linli/core/scope/") or file in SQL_MODULES:
            continue
        if isinstance(node, ast.Name) and node.id == "RawSQL":
            yield f"{file}:{node.lineno} RawSQL"
        if isinstance(node, ast.Attribute) and node.attr in ("raw", "extra"):
            owner = ast.unparse(node.value)
            if "objects" in owner or "queryset" in owner:
                yield f"{file}:{node.lineno} .{node.attr}()"
        if isinstance(node, ast.Attribute) and node.attr in TO_THE_DRIVER:
            owner = ast.unparse(node.value)
            if re.search(r"\bconnections?\b", owner):
                yield f"{file}:{node.lineno} {owner}.{node.attr}"


def many_to_many(file: str, tree: ast.Module) -> Offences:
    """Implicit tables between two others carry no path."""
    for node in nodes(tree):
        if isinstance(node, ast.Call) and called(node).endswith("ManyToManyField"):
            yield f"{file}:{node.lineno} ManyToManyField"


def sql_in_strings(file: str, tree: ast.Module) -> Offences:
    """SQL outside the modules that are listed for it."""
    if file in listed("may_write_sql"):
        return
    documentation = {
        id(node.body[0].value)
        for node in nodes(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in nodes(tree):
        said = node.value if isinstance(node, ast.Constant) else None
        if isinstance(said, str) and id(node) not in documentation and SQL.search(said):
            yield f"{file}:{node.lineno} SQL in a string"


def keys_to_the_house(file: str, tree: ast.Module) -> Offences:
    """The ways round the guards are used only where the list says so, with the reason."""
    if file in listed("may_go_round_the_guards") or file.startswith("linli/core/scope/"):
        return
    for node in nodes(tree):
        if isinstance(node, ast.Call):
            name = called(node)
            if name.split(".")[-1] in KEYS_TO_THE_HOUSE or name.startswith("raw_sql."):
                yield f"{file}:{node.lineno} {name}"


REACHES_OUT = {
    "requests",
    "httpx",
    "aiohttp",
    "urllib3",
    "http.client",
    "urllib.request",
    "socket",
    "smtplib",
    "ftplib",
    "poplib",
    "imaplib",
    "xmlrpc.client",
    "apprise",
    "websockets",
    "paramiko",
}


def ways_out(file: str, tree: ast.Module) -> Offences:
    """Whatever connects to somebody outside goes through linli/core/network/outbound.py."""
    if file in listed("may_reach_out"):
        return
    for node in nodes(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{one.name}" for one in node.names)]
        elif isinstance(node, ast.Call) and called(node).endswith(
            ("open_connection", "create_connection", "urlopen", "import_module('socket')")
        ):
            names = ["socket"]
        for name in names:
            if any(name == one or name.startswith(f"{one}.") for one in REACHES_OUT):
                yield f"{file}:{node.lineno} {name}: use linli/core/network/outbound.py"


def negative_control_switch(file: str, tree: ast.Module) -> Offences:
    """Nothing in the product switches a guard off."""
    if file.startswith("linli/core/scope/"):
        return
    for node in nodes(tree):
        if isinstance(node, ast.Call) and "negative_control" in called(node):
            yield f"{file}:{node.lineno} {called(node)}"


def clock(file: str, tree: ast.Module) -> Offences:
    """Rules are told the day; only core/time asks the clock."""
    asks = re.compile(r"\b(date\.today|datetime\.now|timezone\.now|time\.time)$")
    for node in nodes(tree) if file.endswith("rules.py") else ():
        if isinstance(node, ast.Call) and asks.search(called(node)):
            yield f"{file}:{node.lineno} {called(node)}"


def dates_of_browsers(file: str, tree: ast.Module) -> Offences:
    """A day that a browser is to pick names its format: in Chinese words it shows none."""
    for node in nodes(tree):
        if isinstance(node, ast.Call) and called(node).endswith("DateInput"):
            given = {keyword.arg for keyword in node.keywords}
            if not node.args and "format" not in given:
                yield f"{file}:{node.lineno}"


BAD: dict[Rule, str] = {
    dates_of_browsers: "forms.DateInput(attrs={'type': 'date'})",
    closed_doors: "from django.db import connection\nc = connection.cursor()",
    many_to_many: "friends = models.ManyToManyField('Person')",
    sql_in_strings: "q = 'SELECT name FROM people_person'",
    keys_to_the_house: "with system_scope('because'): pass",
    ways_out: "from urllib import request",
    negative_control_switch: "guard_switched_off_for_negative_control()",
}


def test_the_source_keeps_the_rules() -> None:
    found = [
        f"{rule.__doc__}\n{offence}"
        for file, tree in trees()
        for rule in (*BAD, clock)
        for offence in rule(file, tree)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("rule", BAD, ids=lambda rule: rule.__name__)
def test_the_rule_finds_a_breach(rule: Rule) -> None:
    assert list(rule("linli/register/people/queries.py", ast.parse(BAD[rule])))


@pytest.mark.parametrize(
    "bad",
    [
        "import requests",
        "import http.client as h",
        "from http import client",
        "import socket",
        "def f():\n    import smtplib",
        "from apprise import Apprise",
        "loop.create_connection(x)",
    ],
)
def test_every_way_out_is_found(bad: str) -> None:
    assert list(ways_out("linli/register/people/queries.py", ast.parse(bad)))


def test_the_clock_rule_finds_a_breach() -> None:
    assert list(clock("linli/register/people/rules.py", ast.parse("x = date.today()")))


@pytest.mark.parametrize("name", ["may_write_sql", "may_go_round_the_guards", "may_reach_out"])
def test_lists_of_exceptions_name_files_that_are_there_and_say_why(name: str) -> None:
    for file, reason in listed(name).items():
        assert (ROOT / file).is_file(), f"{file} is gone: take it off {name}.json"
        assert len(reason) > 10, f"{file}: say why"


OUTSIDE = re.compile(r"(?:https?:)?//[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.I)
# Names of vocabularies, never fetched.
NOT_FETCHED = (
    "http://www.w3.org",
    "https://example.invalid",
    "https://getbootstrap.com",
    "https://github.com",
    "http://127.0.0.1",
)


def outside_addresses(text: str) -> list[str]:
    """Addresses of other hosts that a page would fetch."""
    without_comments = re.sub(
        r"/\*.*?\*/|<!--.*?-->|{#.*?#}|^\s*//.*$", "", text, flags=re.S | re.M
    )
    found = [match.group(0) for match in OUTSIDE.finditer(without_comments)]
    return [address for address in found if not address.startswith(NOT_FETCHED)]


def page_sources() -> list[Path]:
    kinds = ("*.html", "*.js", "*.ts", "*.scss", "*.css", "*.svg", "*.typ", "*.json")
    found = [file for kind in kinds for file in (ROOT / "linli").rglob(kind)]
    return [file for file in found if "node_modules" not in file.parts]


def test_no_page_asks_another_host() -> None:
    found = {
        name_of(file): outside
        for file in page_sources()
        if (outside := outside_addresses(file.read_text(encoding="utf-8")))
    }
    assert not found


def test_an_outside_address_is_found() -> None:
    assert outside_addresses('<script src="https://cdn.example.com/x.js"></script>')
    assert outside_addresses("@import url(//fonts.example.com/css);")
    assert not outside_addresses('<svg xmlns="http://www.w3.org/2000/svg">')
