"""One log file for many processes: no line lost or mixed, nobody else reads it, nobody named."""

from __future__ import annotations

import multiprocessing
import os
import re
from pathlib import Path
from typing import Any

import pytest

from linli.core.runtime import log_file
from linli.core.runtime.log_file import LogFile
from tests.core.test_quiet_logs import VALUES, said

WRITERS, LINES = 4, 2000


def write_many(path: Path, name: int) -> None:
    file = LogFile(path)
    for number in range(LINES):
        file.write(f"{name} {number} {'x' * 200}\n")


@pytest.fixture
def path(tmp_path: Path, monkeypatch: Any) -> Path:
    monkeypatch.setenv("LINLI_LOG_FILE", str(tmp_path / "linli.log"))
    monkeypatch.setenv("LINLI_LOG_FILES", "200")
    monkeypatch.setattr(log_file, "MEGABYTE", 20_000)
    monkeypatch.setenv("LINLI_LOG_MEGABYTES", "1")
    return tmp_path / "linli.log"


def test_many_write_while_one_turns_it_over_and_no_line_is_lost_or_mixed(path: Path) -> None:
    fork = multiprocessing.get_context("fork")
    children = [fork.Process(target=write_many, args=(path, n)) for n in range(WRITERS)]
    for child in children:
        child.start()
    while any(child.is_alive() for child in children):
        log_file.rotate()
    files = [path, *path.parent.glob("linli.log.*")]
    files = [file for file in files if file.exists()]
    assert len(files) > 1, "it was turned over"
    lines = [line for file in files for line in file.read_text().splitlines()]
    assert all(re.fullmatch(r"\d \d+ x{200}", line) for line in lines)
    assert len(set(lines)) == len(lines) == WRITERS * LINES
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_one_that_does_not_look_at_the_name_writes_into_the_old_file(path: Path) -> None:
    """The negative control: what rotation does to a file that is only kept open."""
    with path.open("a") as kept:
        kept.write("x" * 30_000)
        kept.flush()
        log_file.rotate()
        kept.write("lost to whoever reads the new one\n")
    ours = LogFile(path)
    ours.write("found\n")
    assert path.read_text() == "found\n"


def test_only_so_many_are_kept(path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("LINLI_LOG_FILES", "2")
    file = LogFile(path)
    for number in range(5):
        file.write(f"{number}" * 30_000)
        log_file.rotate()
    kept = sorted(one.name for one in path.parent.iterdir())
    assert kept == ["linli.log.1", "linli.log.2"]
    assert path.with_name("linli.log.1").read_text()[0] == "4"


def test_a_file_that_was_open_to_others_is_closed_to_them(path: Path) -> None:
    path.touch(0o644)
    os.chmod(path, 0o644)
    LogFile(path).write("one\n")
    assert path.stat().st_mode & 0o777 == 0o600


def test_where_the_file_cannot_be_written_the_line_is_told_all_the_same(
    tmp_path: Path, capsys: Any
) -> None:
    LogFile(tmp_path / "no such folder" / "log").write("told\n")
    assert capsys.readouterr().err == "told\n"


def test_whatever_goes_wrong_is_told_in_the_file_and_nobody_is_named(tmp_path: Path) -> None:
    file = tmp_path / "logs"
    on_the_screen = said(tmp_path, "production", LINLI_LOG_FILE=str(file))
    told = file.read_text(encoding="utf-8")
    for value in VALUES:
        assert value not in told + on_the_screen
    for door in ("page_door", "sql_door", "job_door", "thread_door"):
        assert f"in {door}" in told, door
        assert f"in {door}" not in on_the_screen
