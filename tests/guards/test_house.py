"""The house: floors, contracts, budgets."""

from __future__ import annotations

import ast
import io
import re
import shutil
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from linli.core.scope import (
    ScopedForeignKey,
    ScopedManager,
    ScopedModel,
    ScopedOneToOneField,
    scoped_models,
)
from tests.guards.source import ROOT, listed, name_of, python_files, trees

FLOORS = [
    "core",
    "register",
    "workbench",
    "commons",
    "capabilities",
    "integrations",
    "faces",
    "demo",
]
FILE_LINES, FUNCTION_LINES = 500, 40


def own_models() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if m.__module__.startswith("linli.")]


def floor_of(model: type[models.Model]) -> int:
    parts = model.__module__.split(".")
    return FLOORS.index(parts[1]) if parts[0] == "linli" else 0


def keys_that_go_up(found: list[type[models.Model]]) -> list[str]:
    """Foreign keys to a higher floor, or from one capability to another."""
    wrong = []
    for model in found:
        for field in model._meta.concrete_fields:
            target = field.related_model
            if not isinstance(target, type):
                continue
            up = floor_of(target) > floor_of(model)
            here, there = model.__module__.split(".")[:3], target.__module__.split(".")[:3]
            across = floor_of(model) == 3 and floor_of(target) == 3 and here != there
            if up or across:
                wrong.append(f"{model.__name__}.{field.name} → {target.__name__}")
    return wrong


def keys_that_leave_the_scope(found: list[type[models.Model]]) -> list[str]:
    """Keys between scoped tables, or that can be followed into one, which do not know the scope."""
    wrong = []
    for model in found:
        for field in model._meta.concrete_fields:
            target = field.related_model
            if not isinstance(target, type) or isinstance(
                field, ScopedForeignKey | ScopedOneToOneField
            ):
                continue
            into = issubclass(target, ScopedModel)
            back = issubclass(model, ScopedModel) and not field.remote_field.hidden
            if into or back:
                wrong.append(
                    f"{model.__name__}.{field.name}: ScopedForeignKey, or related_name '+'"
                )
    return wrong


def test_foreign_keys_go_down() -> None:
    assert not keys_that_go_up(own_models())


def test_every_key_of_a_scoped_table_stays_in_the_scope() -> None:
    assert not keys_that_leave_the_scope(own_models())


def test_bad_keys_are_found() -> None:
    from linli.register.people.models import Person

    class Report(models.Model):
        person = models.ForeignKey(Person, on_delete=models.CASCADE)

        class Meta:
            app_label = "guards"

    class Fact(models.Model):
        report = models.ForeignKey(Report, on_delete=models.CASCADE)

        class Meta:
            app_label = "guards"

    Report.__module__, Fact.__module__ = "linli.capabilities.x.models", "linli.register.y.models"
    try:
        assert keys_that_go_up([Fact]) == ["Fact.report → Report"]
        assert len(keys_that_leave_the_scope([Report])) == 1
    finally:
        del apps.all_models["guards"]
        apps.clear_cache()


def test_every_table_is_scoped_or_says_why_not() -> None:
    plain = {m._meta.label for m in own_models() if not issubclass(m, ScopedModel)}
    assert plain == set(listed("tables_without_a_scope"))


def test_every_scoped_table_reads_through_the_scope() -> None:
    for model in scoped_models():
        assert isinstance(model._default_manager, ScopedManager), model
        assert isinstance(model._base_manager, ScopedManager), model
        assert all(isinstance(m, ScopedManager) for m in model._meta.managers), model
        assert not model._meta.many_to_many, model
        assert model._meta.get_field("scope_path").db_index, model


def test_files_keep_their_budget() -> None:
    for file in python_files():
        lines = len(file.read_text(encoding="utf-8").splitlines())
        assert lines <= FILE_LINES, f"{name_of(file)}: {lines} lines, at most {FILE_LINES}"


def lines_within_brackets(text: str) -> set[int]:
    """Lines that only go on within brackets: where they break is the formatter's choice."""
    depth, found = 0, set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.OP:
            depth += (token.string in "([{") - (token.string in ")]}")
        elif token.type == tokenize.NL and depth:
            found.add(token.start[0] + 1)
    return found


def long_functions(file: str, text: str) -> dict[str, int]:
    long = {
        f"{file}:{node.name}": lines
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and len(lines := range(node.lineno, (node.end_lineno or node.lineno) + 1)) > FUNCTION_LINES
    }
    going_on = lines_within_brackets(text) if long else set()
    lengths = {name: len(set(lines) - going_on) for name, lines in long.items()}
    return {name: length for name, length in lengths.items() if length > FUNCTION_LINES}


def test_functions_keep_their_budget() -> None:
    """Named exceptions may only shrink."""
    allowed = {name: int(lines) for name, lines in listed("long_functions").items()}
    found = {
        n: length
        for file in python_files()
        for n, length in long_functions(name_of(file), file.read_text(encoding="utf-8")).items()
    }
    too_long = {n: length for n, length in found.items() if length > allowed.get(n, FUNCTION_LINES)}
    assert not too_long
    assert set(allowed) <= set(found), "an exception that is no longer needed leaves the list"
    assert all(found[name] == lines for name, lines in allowed.items()), "it shrank: say so"


def test_a_long_function_is_found() -> None:
    body = "\n".join(["def f():", *["    x = 1"] * FUNCTION_LINES])
    assert long_functions("x.py", body) == {"x.py:f": FUNCTION_LINES + 1}
    call = "\n".join(["def f():", "    g(", *["        1,"] * FUNCTION_LINES, "    )"])
    assert not long_functions("x.py", call), "one call is one line, however it is broken"


def test_every_public_thing_has_its_sentence() -> None:
    missing = []
    for file, tree in trees():
        if ast.get_docstring(tree) is None and not file.endswith("__init__.py"):
            missing.append(file)
        for node in tree.body:
            is_thing = isinstance(node, ast.FunctionDef | ast.ClassDef)
            if is_thing and not node.name.startswith("_") and ast.get_docstring(node) is None:
                missing.append(f"{file}:{node.name}")
    assert not missing


def contracts(at: Path) -> subprocess.CompletedProcess[str]:
    tool = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [str(tool), "--no-logo", "--no-cache"],
        cwd=at,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(at)},
    )


def test_the_import_contracts_hold() -> None:
    done = contracts(ROOT)
    assert done.returncode == 0, done.stdout


# One bad line for each contract, and for each floor and room that has its own place in one:
# where it stands, the line, the contract, and what the contract says of it.
BAD_IMPORTS = [
    ("core/paths.py", "linli.register.places.terms", "Floors", "core.paths -> "),
    ("workbench/jobs/runner.py", "linli.commons", "Floors", "workbench.jobs.runner -> "),
    ("commons/teams/models.py", "linli.capabilities.reports.rules", "Floors", "teams.models -> "),
    ("capabilities/cases/models.py", "linli.integrations.open311", "Floors", "cases.models -> "),
    ("workbench/journal/rules.py", "linli.workbench.tasks.terms", "Workbench", "journal.rules -> "),
    ("commons/ledger/rules.py", "linli.commons.teams.models", "Commons", "ledger.rules -> "),
    ("commons/oddments/rules.py", "datetime", "Commons", "- linli.commons.oddments"),
    ("core/scope/models.py", "linli.core.scope.query_guard", "No circles", "in linli.core.scope."),
    ("core/paths.py", "linli.core.database.raw_sql", "No circles", "in linli.core."),
    ("capabilities/visits/rules.py", "linli.capabilities.cases.rules", "Capab", "visits.rules -> "),
    ("integrations/open311/rules.py", "linli.integrations.hotline_lists", "Integ", "rules -> "),
    ("faces/web/pages.py", "linli.capabilities.reports.rules", "Nobody names", "web.pages -> "),
    ("faces/api/v1.py", "linli.integrations.open311.rules", "Nobody names", "api.v1 -> "),
    ("register/places/models.py", "linli.register.places.apps", "Rooms", "places.models -> "),
    (
        "commons/teams/inner/terms.py",
        "linli.commons.teams.inner.models",
        "Rooms",
        "inner.terms -> ",
    ),
    ("register/places/rules.py", "django.db", "Rules", "places.rules -> django"),
    ("integrations/open311/rules.py", "django.db", "Rules", "open311.rules -> django"),
    ("demo/load.py", "linli.capabilities.visits.pages.plan", "Pages and REST", "demo.load -> "),
]


def put_in(tree: Path, where: str, line: str) -> None:
    """Put the import in; folders that the commons do not have yet are made."""
    file = tree / "linli" / where
    for folder in (file.parent, file.parent.parent):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").touch()
    if where.startswith("commons/"):
        (file.parent / "models.py").touch()
    with file.open("a", encoding="utf-8") as text:
        text.write(f"\nimport {line}\n")


@pytest.fixture(scope="module")
def what_contracts_say(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each contract says when all the bad imports are there: none hides another."""
    copy = tmp_path_factory.mktemp("house")
    skipped = shutil.ignore_patterns("static", "templates", "node_modules", "__pycache__", "built")
    shutil.copytree(ROOT / "linli", copy / "linli", ignore=skipped)
    shutil.copy(ROOT / "pyproject.toml", copy)
    for where, line, _contract, _said in BAD_IMPORTS:
        put_in(copy, where, line)
    done = contracts(copy)
    assert done.returncode == 1, done.stdout
    broken = done.stdout.partition("Broken contracts")[2]
    parts = re.split(r"\n(?=\S[^\n]*\n-{8,}\n)", broken)
    return {part.strip().partition("\n")[0]: part for part in parts}


@pytest.mark.parametrize(("where", "line", "contract", "said"), BAD_IMPORTS)
def test_a_bad_import_breaks_a_contract(
    what_contracts_say: dict[str, str], where: str, line: str, contract: str, said: str
) -> None:
    mine = [text for name, text in what_contracts_say.items() if name.startswith(contract)]
    assert len(mine) == 1, list(what_contracts_say)
    assert said in mine[0], f"{where}: import {line}"
