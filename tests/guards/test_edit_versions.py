"""A page that begins with what a record says carries what it showed, or says why it need not."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.guards.source import ROOT, called, listed, nodes, trees

LIST = "may_begin_filled"
BASE = "EditForm"
WRITES = {"editing", "action_page"}
VERBS = {"put", "patch", "post", "delete"}
SHOWS = re.compile(r"{% (?:edit_version|form_fields) ")
INCLUDED = re.compile(r"""{% include "([^"]+)" """)
# A box, a text or a choice that a template fills by itself: search boxes and pages without forms.
FILLED = re.compile(
    r'<input(?![^>]*type="(?:hidden|radio|checkbox)")[^>]*\svalue="{{|<textarea[^>]*>{{'
    r"|<option[^>]*{% if [^>]*selected",
    re.S,
)


def is_same_for_everybody(value: ast.expr) -> bool:
    """Is this a constant, the member of a list of words, today, or a token drawn just now?"""
    if isinstance(value, ast.Attribute):
        root = value
        while isinstance(root, ast.Attribute):
            root = root.value  # type: ignore[assignment]
        return isinstance(root, ast.Name) and (root.id[0].isupper() or root.id == "rules")
    if isinstance(value, ast.Call):
        return called(value) in ("today", "secrets.token_urlsafe")
    return isinstance(value, ast.Constant)


def beginnings(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Find where a form or a field is given what it begins with, by the function it is in."""
    for where, node in _within(tree):
        values: list[ast.expr] = []
        if isinstance(node, ast.Call):
            values = [one.value for one in node.keywords if one.arg == "initial"]
        elif isinstance(node, ast.Assign):
            values = [node.value for target in node.targets if _is_initial(target)]
        elif isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            values = [value for key, value in pairs if _says(key, "initial")]
        if any(not is_same_for_everybody(value) for value in values):
            yield where, node.lineno  # type: ignore[attr-defined]


def _is_initial(target: ast.expr) -> bool:
    if isinstance(target, ast.Subscript):
        return _says(target.slice, "initial")
    return isinstance(target, ast.Attribute) and target.attr == "initial"


def _says(node: ast.AST | None, word: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == word


def _within(tree: ast.AST, where: str = "") -> Iterator[tuple[str, ast.AST]]:
    for child in ast.iter_child_nodes(tree):
        here = where
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            here = f"{where}.{child.name}".lstrip(".")
        yield here, child
        yield from _within(child, here)


def sources() -> Iterator[tuple[str, ast.Module]]:
    for file, tree in trees():
        if file.startswith("linli/") and "/tests/" not in file and "/migrations/" not in file:
            yield file, tree


def edit_forms(every: list[tuple[str, ast.Module]]) -> set[str]:
    """Return the names of the classes that carry what they showed."""
    bases: dict[str, set[str]] = {}
    for _file, tree in every:
        for node in nodes(tree):
            if isinstance(node, ast.ClassDef):
                names = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
                bases.setdefault(node.name, set()).update(names)
    found = {BASE}
    while more := {name for name, above in bases.items() if above & found} - found:
        found |= more
    return found


def unversioned(every: list[tuple[str, ast.Module]], excused: Mapping[str, str]) -> Iterator[str]:
    """Forms that begin with something of their own and do not say what they showed."""
    carrying = edit_forms(every)
    for file, tree in every:
        for where, line in beginnings(tree):
            if where.split(".")[0] not in carrying and f"{file}::{where}" not in excused:
                yield f"{file}:{line} {where} begins filled: use EditForm.begin_with"


def unlocked(every: list[tuple[str, ast.Module]]) -> Iterator[str]:
    """Pages that take an edit form and write it without holding its record."""
    carrying = edit_forms(every)
    for file, tree in every:
        functions = {one.name: one for one in tree.body if isinstance(one, ast.FunctionDef)}
        calls = {
            name: {called(each).rpartition(".")[2] for each in nodes_of(one)}
            for name, one in functions.items()
        }
        for name, one in functions.items():
            if not any(takes_a_record(each, carrying) for each in nodes_of(one)):
                continue
            reached = reached_from(name, calls)
            if not any(calls.get(each, set()) & WRITES for each in reached):
                yield f"{file}:{one.lineno} {name} writes without editing()"
            texts = [each.value for each in reached_constants(reached, functions)]
            pages = [text for text in texts if text.endswith(".html")]
            if pages and not any(shows(page) for page in pages):
                yield f"{file}:{one.lineno} {pages} do not carry what was shown"


def nodes_of(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node


def takes_a_record(call: ast.Call, carrying: set[str]) -> bool:
    """Is this an edit form that was sent and is given the record it is about?"""
    name = called(call).rpartition(".")[2]
    return name in carrying and bool(call.keywords) and "POST" in ast.unparse(call)


def reached_from(name: str, calls: Mapping[str, set[str]]) -> set[str]:
    reached, waiting = set(), [name]
    while waiting:
        one = waiting.pop()
        if one in calls and one not in reached:
            reached.add(one)
            waiting.extend(calls[one])
    return reached


def reached_constants(
    reached: set[str], functions: Mapping[str, ast.FunctionDef]
) -> Iterator[ast.Constant]:
    for name in reached:
        for node in ast.walk(functions[name]):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node


def shows(page: str) -> bool:
    """Does a template, or one that it includes, carry what the form showed?"""
    for file in ROOT.glob(f"linli/**/templates/{page}"):
        text = file.read_text(encoding="utf-8")
        if SHOWS.search(text) or any(shows(one) for one in INCLUDED.findall(text)):
            return True
    return False


def api_writes(every: list[tuple[str, ast.Module]], excused: Mapping[str, str]) -> Iterator[str]:
    """Addresses of the API that may write: an edit compares what its caller was shown."""
    for file, tree in every:
        for node in nodes(tree):
            if not isinstance(node, ast.FunctionDef):
                continue
            ways = {called(one) for one in node.decorator_list if isinstance(one, ast.Call)}
            verbs = {way.partition(".")[2] for way in ways if way.startswith(("router.", "api."))}
            is_versioned = "under_lock" in ast.unparse(node)
            if verbs & VERBS and not is_versioned and f"{file}::{node.name}" not in excused:
                yield f"{file}:{node.lineno} {node.name}: {sorted(verbs)} without a version"


def filled_templates() -> Iterator[tuple[str, str]]:
    for file in sorted(Path(ROOT).glob("linli/**/templates/**/*.html")):
        yield file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def every() -> list[tuple[str, ast.Module]]:
    return list(sources())


def test_every_form_that_begins_with_a_record_says_what_it_showed(
    every: list[tuple[str, ast.Module]],
) -> None:
    assert list(unversioned(every, listed(LIST))) == []


def test_every_page_of_such_a_form_holds_the_record_while_it_writes(
    every: list[tuple[str, ast.Module]],
) -> None:
    assert list(unlocked(every)) == []


def test_no_address_of_the_api_edits_without_a_version(every: list[tuple[str, ast.Module]]) -> None:
    assert list(api_writes(every, listed(LIST))) == []


def test_no_template_fills_a_box_from_a_record_by_itself() -> None:
    excused = listed(LIST)
    assert [name for name, text in filled_templates() if FILLED.search(text)] == [
        name for name, _text in filled_templates() if name in excused
    ]


def test_nothing_is_excused_that_is_not_there(every: list[tuple[str, ast.Module]]) -> None:
    there = {f"{file}::{where}" for file, tree in every for where, _line in beginnings(tree)}
    there |= {f"{file}::{one.name}" for file, tree in every for one in functions_of(tree)}
    there |= {name for name, _text in filled_templates()}
    assert set(listed(LIST)) - there == set()
    assert all(len(why) > 15 for why in listed(LIST).values())


def functions_of(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    return (one for one in nodes(tree) if isinstance(one, ast.FunctionDef))


@pytest.mark.parametrize(
    "bad",
    [
        "def edit(request, pk):\n    form = PartyForm(initial={'name': party.name})",
        "def edit(request, pk):\n    return PartyForm(initial=known(party))",
        "class F(forms.Form):\n    def __init__(self, party):\n"
        "        self.fields['name'].initial = party.name",
        "class F(forms.Form):\n    def __init__(self, party):\n"
        "        options['initial'] = party.name",
    ],
)
def test_a_form_that_begins_filled_is_found(bad: str) -> None:
    assert len(list(unversioned([("linli/a.py", ast.parse(bad))], {}))) == 1


def test_what_begins_the_same_for_everybody_is_let_through() -> None:
    good = (
        "class F(forms.Form):\n    a = forms.CharField(initial=Kind.ONE.value)\n"
        "    def __init__(self):\n        self.fields['on'].initial = today()"
    )
    assert list(unversioned([("linli/a.py", ast.parse(good))], {})) == []
    mixed = (
        "class F(EditForm):\n    def __init__(self, one):\n        self.fields['a'].initial = one.a"
    )
    assert list(unversioned([("linli/a.py", ast.parse(mixed))], {})) == []


def test_a_page_that_writes_without_the_lock_or_shows_no_version_is_found() -> None:
    form = "class F(EditForm):\n    pass\n"
    bad = form + (
        "def edit(request, one):\n    form = F(request.POST, one=one)\n    save(form.cleaned_data)"
    )
    good = bad.replace("    save", "    with editing(request, form):\n        save")
    assert len(list(unlocked([("linli/a.py", ast.parse(bad))]))) == 1
    assert list(unlocked([("linli/a.py", ast.parse(good))])) == []
    bare = good + "\n    return render(request, 'web/confirm_page.html', {})"
    assert len(list(unlocked([("linli/a.py", ast.parse(bare))]))) == 1


def test_an_api_that_edits_without_a_version_is_found() -> None:
    bad = "@router.patch('/{pk}', response=x)\ndef change(request, pk): ..."
    assert len(list(api_writes([("linli/api.py", ast.parse(bad))], {}))) == 1


def test_a_box_that_a_template_fills_is_found() -> None:
    assert FILLED.search('<input class="a" name="name" value="{{ party.name }}">')
    assert FILLED.search("<textarea name='a'>{{ party.name }}</textarea>")
    assert not FILLED.search('<input type="hidden" name="a" value="{{ party.pk }}">')
