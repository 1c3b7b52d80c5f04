"""Starting: what ``ready()`` loads, what apps register by path, what `linli --help` needs."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.utils.module_loading import import_string

from linli.core.dotted_paths import PATHS
from tests.guards.source import ROOT

HEAVY = [
    "apprise",
    "chinese_calendar",
    "cn2an",
    "django_prometheus",
    "docx",
    "duckdb",
    "granian",
    "hypothesis",
    "jieba",
    "ninja",
    "numpy",
    "opencc",
    "openpyxl",
    "phonenumbers",
    "playwright",
    "prometheus_client",
    "pyarrow",
    "pydantic",
    "pypinyin",
    "python_calamine",
    "rapidfuzz",
    "rich",
    "scipy",
    "segno",
    "sklearn",
    "structlog",
    "typst",
    "vobject",
    "xlsxwriter",
]
# Rooms that somebody has to ask for: a page, an answer, a job that is due.
ASKED_FOR = ("actions", "api", "blocks", "forms", "jobs", "pages", "urls")
START = """
import contextlib, gc, importlib, io, json, sys
from linli.faces.cli.main import main

with contextlib.redirect_stdout(io.StringIO()) as help:
    code = main(["--help"])
loaded = {"help": sorted(sys.modules)}
import django
django.setup()
loaded["start"] = sorted(sys.modules)
for name in ("segno", "linli.workbench.rounds.blocks"):
    importlib.import_module(name)
loaded["control"] = sorted(sys.modules)
with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):
    main(["where", "--help"])
frozen = gc.get_freeze_count()
gc.freeze()
told = {"frozen": [frozen, gc.get_freeze_count()], "code": code, "help": help.getvalue()}
print(json.dumps({**told, "loaded": loaded}))
"""
PATH = re.compile(r"linli(\.[A-Za-z_]\w*){2,}")


@pytest.fixture(scope="module")
def started() -> dict[str, Any]:
    """One process that says what it has loaded after the help, the start, and a control."""
    environment = {**os.environ, "LINLI_MODE": "test", "DJANGO_SETTINGS_MODULE": "linli.settings"}
    done = subprocess.run(
        [sys.executable, "-c", START],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def too_much(modules: list[str]) -> list[str]:
    """Heavy libraries and rooms nobody asked for among loaded modules."""
    return [name for name in modules if name in HEAVY or _is_asked_for(name)]


def _is_asked_for(name: str) -> bool:
    floor_app_room = name.split(".")
    return (
        name.startswith("linli.") and floor_app_room[3:4] != [] and floor_app_room[3] in ASKED_FOR
    )


def test_starting_loads_no_heavy_library_and_no_room_that_nobody_asked_for(
    started: dict[str, Any],
) -> None:
    assert too_much(started["loaded"]["start"]) == []
    control = too_much(started["loaded"]["control"])
    loaded_with_it = "linli.workbench.read_budget.actions"
    assert control == [loaded_with_it, "linli.workbench.rounds.blocks", "segno"]


def test_the_help_lists_every_command_without_django(started: dict[str, Any]) -> None:
    assert started["code"] == 0
    assert "\n  ask " in started["help"]
    assert "\n  serve " in started["help"]
    assert "django" not in started["loaded"]["help"]
    assert "django" in started["loaded"]["start"]  # it would have been found


def test_a_command_leaves_nothing_frozen(started: dict[str, Any]) -> None:
    # Libraries in C would tell it as leaked, on standard error, when the process ends.
    after_the_command, control = started["frozen"]
    assert after_the_command == 0
    assert control > 0


def floors() -> list[str]:
    """The floors from the lowest on, as the contract has them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    layers = next(c["layers"] for c in contracts if c["name"].startswith("Floors"))
    return list(reversed(layers))


def paths_in(source: str) -> Iterator[str]:
    """The dotted paths that an ``apps.py`` names, but for names of apps and of receivers."""
    tree = ast.parse(source)
    names = {
        id(node.value)
        for node in ast.walk(tree)
        if (isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "name")
        or (isinstance(node, ast.keyword) and node.arg == "dispatch_uid")
    }
    for node in ast.walk(tree):
        value = node.value if isinstance(node, ast.Constant) and id(node) not in names else ""
        if isinstance(value, str) and PATH.fullmatch(value):
            yield value


def registered() -> dict[str, list[str]]:
    """Every app of the product with the paths in its ``apps.py``."""
    own = [config for config in apps.get_app_configs() if config.name.startswith("linli.")]
    return {
        config.name: list(paths_in((Path(config.path) / "apps.py").read_text(encoding="utf-8")))
        for config in own
    }


def wrong(app: str, path: str) -> str:
    """What is wrong with a path in an app: nothing is there, or the app may not know it."""
    order = floors()
    here, there = (order.index(name.split(".")[1]) for name in (app, path))
    # What the contracts forbid to import may not be named either: they do not read strings.
    if not path.startswith(f"{app}.") and there >= here:
        return f"{app} may not name {path}"
    try:
        import_string(path)
    except ImportError as missing:
        return f"{app}: {missing}"
    return ""


def test_every_registered_path_is_there_and_may_be_known() -> None:
    found = [(app, path) for app, paths in registered().items() for path in paths]
    assert len(found) > 50
    assert list(filter(None, (wrong(app, path) for app, path in found))) == []


def test_a_path_that_is_made_up_or_goes_up_or_across_is_found() -> None:
    source = 'class Toys:\n    name = "linli.capabilities.toys"\n\nrun("linli.capabilities.toys.x")'
    assert list(paths_in(source)) == ["linli.capabilities.toys.x"]
    visits, block = "linli.capabilities.visits", "blocks.of_person"
    assert not wrong(visits, f"{visits}.{block}")
    assert not wrong(visits, "linli.workbench.journal.blocks.journal")
    for bad in (
        f"{visits}.blocks.of_nobody",
        f"{visits}.made_up.of_person",
        f"linli.capabilities.directory.{block}",
        "linli.faces.web.figures.place_figures",
    ):
        assert wrong(visits, bad)


def put_together(paths: set[str]) -> set[str]:
    """Paths of the product that no ``apps.py`` names as they are."""
    known = {path for paths in registered().values() for path in paths}
    return {path for path in paths if path.startswith("linli.")} - known


def test_what_is_registered_stands_in_an_apps_file_word_for_word() -> None:
    # A path put together of pieces, or elsewhere, would have passed the test above unseen.
    assert PATHS
    assert put_together(PATHS) == set()
    piece = "linli.capabilities.visits"
    assert put_together({*PATHS, f"{piece}.blocks.of_place"}) == {f"{piece}.blocks.of_place"}
