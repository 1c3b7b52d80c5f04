"""Who opens documents: the child process, and whoever has a reason on the list."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

import pytest
from django.db import transaction

from linli.core.documents import reader
from linli.core.documents.limits import Limits
from linli.core.documents.reader import ReadUnderTransaction
from tests.guards.source import ROOT, listed, name_of, python_files, trees

PARSERS = {
    "openpyxl",
    "docx",
    "python_calamine",
    "PIL",
    "zipfile",
    "tarfile",
    "lxml",
    "xml",
    "csv",
    "xlrd",
    "olefile",
    "pypdf",
    "pdfplumber",
    "fitz",
    "pandas",
    "defusedxml",
    "html5lib",
}
CHILDREN = ("runs in the child",)


def openers(file: str, tree: ast.Module) -> Iterator[str]:
    """Every import of something that parses documents."""
    for node in ast.walk(tree):
        names = (
            [one.name for one in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom) and not node.level
            else []
        )
        for name in names:
            if name.split(".")[0] in PARSERS:
                yield f"{file}:{node.lineno} {name}"


def django_in_the_child(file: str, tree: ast.Module) -> Iterator[str]:
    """Every import of Django or of a key: a child holds neither."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [name.name for name in node.names]
            module = getattr(node, "module", None) or ""
            if any(one.split(".")[0] == "django" for one in (*names, module)):
                yield f"{file}:{node.lineno}"


@cache
def all_openers() -> dict[str, list[str]]:
    """The imports of parsers of each module that has any."""
    return {file: found for file, tree in trees() if (found := list(openers(file, tree)))}


def test_nobody_else_opens_documents() -> None:
    allowed = listed("may_open_documents")
    found = {file: opening for file, opening in all_openers().items() if file not in allowed}
    assert not found, "let a task of the child do it (linli/core/documents/reader.py)"


def test_the_list_of_those_who_may_is_current() -> None:
    assert set(listed("may_open_documents")) == set(all_openers())


def test_what_runs_in_the_child_imports_no_django() -> None:
    children = {
        file for file, why in listed("may_open_documents").items() if why.startswith(CHILDREN)
    }
    found = {
        one
        for file in map(name_of, python_files())
        if file in children or file.startswith("linli/core/documents/fork_server")
        for one in django_in_the_child(file, ast.parse((ROOT / file).read_text(encoding="utf-8")))
    }
    assert not found


@pytest.mark.parametrize(
    "bad",
    [
        "import openpyxl",
        "def f():\n    from PIL import Image",
        "from xml.etree import ElementTree",
        "import zipfile as z",
        "from lxml import etree",
    ],
)
def test_an_opener_would_be_found(bad: str) -> None:
    """The negative control."""
    assert list(openers("bad.py", ast.parse(bad)))


def test_django_in_a_child_would_be_found() -> None:
    """The negative control."""
    assert list(django_in_the_child("bad.py", ast.parse("from django.db import connection")))


def _read() -> reader.ChildAnswer:
    return reader.answered("tests.documents.tasks:greet", {}, b"", Limits())


@pytest.mark.django_db
def test_nothing_is_read_under_a_transaction() -> None:
    with transaction.atomic(), pytest.raises(ReadUnderTransaction):
        _read()
    assert _read().head == {"said": "hello"}, "the transaction of the test case is not counted"


@pytest.mark.django_db
def test_nothing_is_read_within_an_action(monkeypatch: pytest.MonkeyPatch) -> None:
    from linli.core.actions import ACTIONS, action, write_journal

    @action("documents.try", term="试", may=lambda: True, journal="documents.tried")
    def read_inside(*, by: None) -> None:
        """Read where nothing may be read."""
        _read()
        write_journal("documents.tried", by=by)

    monkeypatch.delitem(ACTIONS, "documents.try")
    with pytest.raises(ReadUnderTransaction):
        read_inside(by=None)


@pytest.mark.django_db
def test_without_the_guard_a_document_is_read_under_a_transaction(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The negative control: the guard alone stands between."""
    monkeypatch.setattr(reader, "forbid_transaction", lambda: None)
    with transaction.atomic():
        assert _read().head == {"said": "hello"}
