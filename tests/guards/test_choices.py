"""No list to choose from is cut: who is not on it cannot be chosen, and nobody is told.

A slice with a limit (``rows[:MOST]``) must not reach the choices of a form, neither directly nor by
a name or a function it is returned from. ``rows[: MOST + 1]`` looks one further and can tell.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.guards.source import called, trees

SHORTEST = 8  # a constant below this picks the first few on purpose
FOR_CHOICE = ("_to_choose", "_for_choice", "_nearby")


def _is_limit(bound: ast.expr | None) -> bool:
    if isinstance(bound, ast.Constant):
        return isinstance(bound.value, int) and bound.value >= SHORTEST
    name = bound.attr if isinstance(bound, ast.Attribute) else getattr(bound, "id", "")
    return bool(name) and name == name.upper()


def _is_cut(tree: ast.AST, names: set[str], functions: set[str]) -> bool:
    """Does an expression hold a slice with a limit, or a name or call that brings one?"""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
            if node.slice.lower is None and _is_limit(node.slice.upper):
                return True
        elif (isinstance(node, ast.Name) and node.id in names) or (
            isinstance(node, ast.Call) and called(node).rpartition(".")[2] in functions
        ):
            return True
    return False


def _cut_names(function: ast.AST, functions: set[str]) -> set[str]:
    """Return the names of a function that hold what was cut, followed from one to the next."""
    known: set[str] = set()
    before = -1
    assigned = [node for node in ast.walk(function) if isinstance(node, ast.Assign | ast.AnnAssign)]
    while before != len(known):
        before = len(known)
        for node in assigned:
            if node.value is not None and _is_cut(node.value, known, functions):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                known |= {one.id for one in targets if isinstance(one, ast.Name)}
    return known


def _sinks(function: ast.AST) -> Iterator[ast.expr]:
    """Return what is put where it is chosen from."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            if any(
                isinstance(one, ast.Attribute) and one.attr == "choices" for one in node.targets
            ):
                yield node.value
        elif isinstance(node, ast.Call):
            name = called(node).rpartition(".")[2]
            for keyword in node.keywords:
                if keyword.arg == "choices" or (name.endswith("Form") and keyword.arg != "initial"):
                    yield keyword.value
            if name == "offer":
                yield from node.args


def _functions(modules: dict[str, ast.Module]) -> Iterator[tuple[str, ast.FunctionDef]]:
    for name, tree in modules.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                yield name, node


def _returned_cut(modules: dict[str, ast.Module]) -> set[str]:
    """Return the functions that give back a list that was cut."""
    found: set[str] = set()
    for _name, function in _functions(modules):
        names = _cut_names(function, set())
        returned = [n.value for n in ast.walk(function) if isinstance(n, ast.Return) and n.value]
        if any(_is_list(function) and _is_cut(value, names, set()) for value in returned):
            found.add(function.name)
    return found


def _is_list(function: ast.FunctionDef) -> bool:
    """Does it say that it returns several things, and not one text or number?"""
    told = ast.unparse(function.returns) if function.returns else ""
    return any(word in told for word in ("list[", "tuple[", "Sequence[", "QuerySet[", "dict["))


def cut_choices(modules: dict[str, ast.Module]) -> list[str]:
    """Return where a list to choose from is cut."""
    cut = _returned_cut(modules)
    found = [
        f"{name}: {function.name} returns a cut list"
        for name, function in _functions(modules)
        if function.name.endswith(FOR_CHOICE) and function.name in cut
    ]
    for name, function in _functions(modules):
        known = _cut_names(function, cut)
        found += [
            f"{name}:{sink.lineno} {function.name} offers a cut list"
            for sink in _sinks(function)
            if _is_cut(sink, known, cut)
        ]
    return sorted(set(found))


def test_no_list_of_choices_is_cut() -> None:
    modules = dict(trees())
    assert "linli/register/posts/forms.py" in modules
    assert cut_choices(modules) == []


@pytest.mark.parametrize(
    "source",
    [
        "def __init__(self):\n    self.fields['place'].choices = _places()\n"
        "def _places() -> list[str]:\n    mine = list(rows[:MOST_PLACES])\n    return mine",
        "def page():\n    offered = rows.order_by('path')[:MOST]\n"
        "    places = {one.pk: one for one in offered}\n    form = LimitForm(data, places=places)",
        "def page():\n    return forms.ChoiceField(choices=[one for one in rows[:600]])",
        "def page(self):\n    self.fields['place'].offer(rows[: rules.MOST])",
        "def places_to_choose() -> list[Place]:\n    return list(rows[:MOST])",
    ],
)
def test_negative_control_a_cut_list_is_found(source: str) -> None:
    assert cut_choices({"forms.py": ast.parse(source)})


def test_a_look_one_further_and_the_first_few_are_no_cut() -> None:
    fine = "def page():\n    some = rows[: FEW + 1]\n    return Field(choices=some, n=rows[:3])"
    assert cut_choices({"forms.py": ast.parse(fine)}) == []
