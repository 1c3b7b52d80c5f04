"""A new capability is one new folder: no other file is touched, and everything knows it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import prepared
from tests.guards.source import HERE, ROOT
from tests.guards.test_house import contracts


@pytest.fixture(scope="module")
def product_with_toys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the product with the toy folder in it."""
    copy = tmp_path_factory.mktemp("product")
    skipped = shutil.ignore_patterns("node_modules", "tests")  # what is compiled stays so
    shutil.copytree(ROOT / "linli", copy / "linli", ignore=skipped)
    shutil.copy(ROOT / "pyproject.toml", copy)
    shutil.copytree(HERE / "toy_capability", copy / "linli" / "capabilities" / "toys")
    return copy


def run_in(copy: Path) -> subprocess.CompletedProcess[str]:
    (copy / "var").mkdir()
    if prepared.copy().is_file():  # only the migration of the toy is left to run
        shutil.copyfile(prepared.copy(), copy / "var" / "linli.sqlite3")
    env = {**os.environ, "PYTHONPATH": str(copy), "LINLI_DATA": str(copy / "var")}
    env.pop("DATABASE_URL", None)
    env["LINLI_MODE"] = "embedded"
    return subprocess.run(
        [sys.executable, str(HERE / "try_the_toy.py")],
        cwd=copy,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def test_everything_knows_the_new_capability(product_with_toys: Path) -> None:
    done = run_in(product_with_toys)
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert [what for what, works in found.items() if not works] == []


def test_the_contracts_hold_with_it(product_with_toys: Path) -> None:
    done = contracts(product_with_toys)
    assert done.returncode == 0, done.stdout


def test_without_the_folder_nothing_knows_it(product_with_toys: Path, tmp_path: Path) -> None:
    """The negative control."""
    shutil.copytree(product_with_toys / "linli", tmp_path / "linli")
    shutil.rmtree(tmp_path / "linli" / "capabilities" / "toys")
    assert run_in(tmp_path).returncode != 0
