"""A production that would run with default secrets does not run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from linli.core.runtime import environment as env

LONG = "a-secret-of-its-own-that-is-long-enough-for-anybody"


@pytest.mark.parametrize("given", ["", "short", "please-change-me-please-change-me-please"])
@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_KEYS", "INDEX_KEY"])
def test_production_refuses_a_weak_key(monkeypatch, tmp_path: Path, name: str, given: str) -> None:
    for key in ("SECRET_KEY", "FIELD_KEYS", "INDEX_KEY"):
        monkeypatch.setenv(f"LINLI_{key}", LONG)
    monkeypatch.setenv(f"LINLI_{name}", given)
    with pytest.raises(env.BadSetting, match=f"LINLI_{name}"):
        env.keys("production", tmp_path)


def test_production_takes_keys_of_its_own(monkeypatch, tmp_path: Path) -> None:
    for key in ("SECRET_KEY", "FIELD_KEYS", "INDEX_KEY"):
        monkeypatch.setenv(f"LINLI_{key}", LONG)
    assert env.keys("production", tmp_path)["SECRET_KEY"] == LONG
    assert not list(tmp_path.iterdir()), "and makes none"


def test_the_command_line_says_so_in_words(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "linli.faces.cli.main", "check"],
        check=False,
        env={**os.environ, "LINLI_MODE": "production", "LINLI_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "LINLI_SECRET_KEY" in done.stderr
    assert "Traceback" not in done.stderr


def test_made_keys_are_read_by_the_owner_alone(tmp_path: Path) -> None:
    first = env.kept_keys(tmp_path)
    assert env.kept_keys(tmp_path) == first, "made once"
    assert (tmp_path / "keys.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("url", ["mysql://x/y", "oracle:foo"])
def test_an_unknown_database_is_refused_in_words(url: str, tmp_path: Path) -> None:
    with pytest.raises(env.BadSetting, match="DATABASE_URL"):
        env.database(url, tmp_path)


def test_a_database_url_is_taken_apart(tmp_path: Path) -> None:
    found = env.database("postgresql://li:p%40ss@db.example:5433/linli", tmp_path)
    assert (found["USER"], found["PASSWORD"], found["PORT"]) == ("li", "p@ss", "5433")
