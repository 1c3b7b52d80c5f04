"""The wheel: what the product opens goes along, what belongs to its makers does not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import make_wheel

ROOT = Path(__file__).resolve().parents[2]
# What setuptools itself would put into a wheel, as it reads pyproject.toml; nothing is written.
LIST = """
import json
from setuptools import Distribution
made = Distribution({"script_name": "setup.py"})
made.parse_config_files()
build = made.get_command_obj("build_py")
build.ensure_finalized()
files = [file for _package, _module, file in build.find_all_modules()]
files += [f"{folder}/{name}" for _p, folder, _to, names in build.data_files for name in names]
print(json.dumps({"files": sorted(files), "needs": made.install_requires}))
"""
# Of makers: how it is built and translated, what a folder is about, what tests it.
OF_MAKERS = ("tests", "assets", "__pycache__")
NOT_OPENED = (".md", ".po", ".pyc")


def contents(root: Path) -> dict[str, list[str]]:
    """Return the files of the wheel and what it asks for."""
    said = subprocess.run(
        [sys.executable, "-c", LIST], cwd=root, check=True, capture_output=True, text=True
    )
    read: dict[str, list[str]] = json.loads(said.stdout.splitlines()[-1])
    return read


def opened(root: Path) -> set[str]:
    """Return every file of the product that may be opened or imported at run time."""
    return {
        str(file.relative_to(root))
        for file in (root / "linli").rglob("*")
        if file.is_file()
        and not set(OF_MAKERS) & set(file.relative_to(root).parts)
        and file.suffix not in NOT_OPENED
        and not file.name.startswith(".")
    }


@pytest.fixture(scope="module")
def wheel() -> dict[str, list[str]]:
    return contents(ROOT)


def test_every_file_that_the_product_opens_is_in_the_wheel(wheel: dict[str, list[str]]) -> None:
    assert opened(ROOT) - set(wheel["files"]) == set()


def test_looks_and_catalogues_are_in_the_wheel(wheel: dict[str, list[str]]) -> None:
    built = [f"{make_wheel.LOOKS}/{name}" for name in make_wheel.BUILT]
    words = [f"{make_wheel.CATALOGUES}/{one}/LC_MESSAGES/django.mo" for one in ("en", "zh_Hant")]
    wanted = {*built, *(f"{name}.gz" for name in built), *words}
    assert wanted <= set(wheel["files"])


def test_no_test_and_no_source_of_looks_is_in_the_wheel(wheel: dict[str, list[str]]) -> None:
    assert [file for file in wheel["files"] if set(OF_MAKERS) & set(Path(file).parts)] == []


def test_it_asks_for_what_it_runs_with_and_no_more(wheel: dict[str, list[str]]) -> None:
    asked = (ROOT / "requirements" / "run.in").read_text(encoding="utf-8").split()
    assert wheel["needs"] == asked
    assert not {"pytest", "mypy", "ruff", "babel", "playwright"} & set(asked)


def test_a_file_of_a_kind_nobody_listed_is_found(tmp_path: Path) -> None:
    """The control: a new kind of data, and a module in a folder that is no package."""
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    names = ("__init__.py", "demo/__init__.py", "demo/templates/a/b.html", "demo/words.toml")
    for name in (*names, "demo/rooms/walls.py"):
        file = tmp_path / "linli" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text('__version__ = "1"\n', encoding="utf-8")
    lost = opened(tmp_path) - set(contents(tmp_path)["files"])
    assert lost == {"linli/demo/words.toml", "linli/demo/rooms/walls.py"}


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A source with its looks and catalogues built a minute after they were written."""
    sources = [make_wheel.LOOKS_FROM / "app.scss"]
    made = [make_wheel.LOOKS / f"{name}{end}" for name in make_wheel.BUILT for end in ("", ".gz")]
    for language in make_wheel.LANGUAGES:
        sources.append(make_wheel.CATALOGUES / language / "LC_MESSAGES" / "django.po")
        made.append(make_wheel.CATALOGUES / language / "LC_MESSAGES" / "django.mo")
    for day, files in enumerate((sources, made)):
        for name in files:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text("x", encoding="utf-8")
            os.utime(tmp_path / name, (60 * day, 60 * day))
    return tmp_path


def test_what_is_built_is_not_lacking(built: Path) -> None:
    assert list(make_wheel.lacking(built)) == []


def test_no_wheel_without_looks_or_catalogues(built: Path) -> None:
    (built / make_wheel.LOOKS / "app.css.gz").unlink()
    (built / make_wheel.CATALOGUES / "en/LC_MESSAGES/django.mo").unlink()
    assert list(make_wheel.lacking(built)) == [
        "linli/faces/web/static/built/app.css.gz is not built: make setup",
        "linli/locale/en/LC_MESSAGES/django.mo is not built: linli messages --compile",
    ]


def test_no_wheel_with_looks_or_words_of_yesterday(built: Path) -> None:
    os.utime(built / make_wheel.LOOKS_FROM / "app.scss", (90, 90))
    os.utime(built / make_wheel.CATALOGUES / "zh_Hant/LC_MESSAGES/django.po", (90, 90))
    told = list(make_wheel.lacking(built))
    assert len(told) == len(make_wheel.BUILT) * 2 + 1
    assert all("is older than its source" in line for line in told)
