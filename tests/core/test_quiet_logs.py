"""Whatever goes wrong, wherever: where and which kind is told, and nobody is named."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from linli.core.runtime import frames
from linli.core.runtime.logs import HIDDEN, hide_personal_values

VALUES = ["虞阿香", "13800001234", "99000019500101001X", "lt-Zq7pWm3nRk8vTx2LbY5c"]
KEY = "a key long enough to be one, for this test alone"


def said(tmp_path: Path, mode: str, **more: str) -> str:
    """Let everything go wrong in a process of its own; return all it wrote."""
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.getcwd(),
        "LINLI_MODE": mode,
        "LINLI_DATA": str(tmp_path),
        "NOISY_VALUES": json.dumps(VALUES),
        "LINLI_LOG_LEVEL": "debug",
        "LINLI_SECRET_KEY": KEY,
        "LINLI_FIELD_KEYS": KEY,
        "LINLI_INDEX_KEY": KEY,
        **more,
    }
    run = [sys.executable, "-m", "tests.core.noisy"]
    done = subprocess.run(run, env=env, capture_output=True, timeout=120)
    assert done.returncode == 1, done.stderr.decode()
    return (done.stdout + done.stderr).decode()


@pytest.mark.parametrize("mode", ["embedded", "production"])
def test_nobody_is_named_and_every_place_is_told(tmp_path: Path, mode: str) -> None:
    told = said(tmp_path, mode)
    for value in VALUES:
        assert value not in told
        assert json.dumps(value)[1:-1] not in told
    for door in ("page_door", "sql_door", "api_door", "job_door", "thread_door", "cli_door"):
        assert f"in {door}" in told, door
    for kind in ("PageError", "DoorError", "KeyError", "OperationalError", "RuntimeWarning"):
        assert kind in told, kind
    assert "could not tell" in told
    assert "SQLITE_ERROR" in told
    assert "noisy.py" in told
    assert "POST /noisy/<str:who>/" in told


def test_python_s_own_tracebacks_would_name_them(tmp_path: Path) -> None:
    """The negative control."""
    told = said(tmp_path, "embedded", NOISY_CONTROL="1")
    assert [value for value in VALUES if value in told] == VALUES


def test_words_that_stand_in_the_source_are_kept_and_nothing_else() -> None:
    who, phone = VALUES[0][::-1], VALUES[1][::-1]  # what this file does not hold as it stands
    try:
        raise ValueError(f"cannot move {who} to the next house: {phone}")
    except ValueError as wrong:
        told = frames.headline(wrong)
    assert told == "ValueError: cannot move … to the next house: …"


def test_a_database_error_is_told_by_code_and_constraint() -> None:
    class Diag:
        table_name, column_name, constraint_name = "people_person", None, "people_phone_unique"

    class UniqueViolation(Exception):
        sqlstate, diag = "23505", Diag

    told = frames.headline(UniqueViolation(f"DETAIL: Key (phone)=({VALUES[1]}) already exists."))
    assert "23505 people_person people_phone_unique" in told
    assert VALUES[1] not in told


def test_a_key_of_a_line_says_codes_and_no_free_text() -> None:
    line = hide_personal_values(
        None,
        "info",
        {
            "event": "x",
            "why": VALUES[0],
            "job": "cases.lifts",
            "n": 13800001234,
            "token": VALUES[3],
        },
    )
    assert (line["why"], line["n"], line["token"]) == (HIDDEN, HIDDEN, HIDDEN)
    assert line["job"] == "cases.lifts"
