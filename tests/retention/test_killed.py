"""In the very files: the word is gone; killed runs go on; two workers delete nobody twice."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.retention.killed import LEAVERS, WORD

DONE = {"people": 1, "keys": LEAVERS, "certified": LEAVERS, "open": 0, "broken": 0}
LONGEST_PAUSE = 0.05  # one person takes about as long


def _command(data: Path, what: str) -> subprocess.Popen[bytes]:
    given = {**os.environ, "LINLI_DATA": str(data), "LINLI_MODE": "embedded", "DATABASE_URL": ""}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.retention.killed", what], env=given, stdout=subprocess.PIPE
    )


def _done(data: Path, what: str) -> bytes:
    child = _command(data, what)
    said = child.communicate()[0]
    assert child.returncode == 0
    return said


def _counted(data: Path, what: str = "count") -> dict[str, int]:
    """Do something and return what is there afterwards: the last line it says."""
    found: dict[str, int] = json.loads(_done(data, what).splitlines()[-1])
    return found


@pytest.fixture(scope="module")
def prepared_data(tmp_path_factory: Any) -> Path:
    folder: Path = tmp_path_factory.mktemp("retention") / "prepared"
    folder.mkdir()
    _done(folder, "prepare")
    return folder


def _copy(prepared_data: Path, to: Path) -> Path:
    return Path(shutil.copytree(prepared_data, to / "data"))


def files_with(word: str, folder: Path) -> list[str]:
    """Return the files below a folder in which the word stands, as bytes."""
    found = [file for file in folder.rglob("*") if file.is_file()]
    return sorted(one.name for one in found if word.encode() in one.read_bytes())


def test_the_word_is_in_no_file_after_the_run(prepared_data: Path, tmp_path: Path) -> None:
    data = _copy(prepared_data, tmp_path)
    before = files_with(WORD, data)
    assert "linli.sqlite3" in before
    assert "person.parquet" in before
    assert _counted(data, "run") == DONE
    assert files_with(WORD, data) == []


def test_a_restored_backup_leaves_it_in_no_file(prepared_data: Path, tmp_path: Path) -> None:
    data = _copy(prepared_data, tmp_path)
    found = _counted(data, "restore")
    assert (found["people"], found["keys"], found["broken"]) == (1, LEAVERS, 0)
    assert files_with(WORD, data) == []


def test_without_cleaning_the_word_is_found(prepared_data: Path, tmp_path: Path) -> None:
    """The negative control: rows that are deleted and nothing more leave their traces."""
    data = _copy(prepared_data, tmp_path)
    assert _counted(data, "dirty") == DONE
    assert files_with(WORD, data)


def _kill(data: Path, dice: random.Random) -> dict[str, int]:
    child = _command(data, "run")
    assert child.stdout is not None
    for _ in range(dice.randrange(1, LEAVERS)):
        assert child.stdout.readline() == b"gone\n"
    time.sleep(dice.uniform(0, LONGEST_PAUSE))
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    cut = _counted(data)
    assert cut["people"] - 1 + cut["keys"] == LEAVERS, "each is whole or gone"
    assert _counted(data, "run") == DONE
    assert files_with(WORD, data) == []
    return cut


@pytest.mark.nightly
def test_killed_it_goes_on_where_it_was(prepared_data: Path, tmp_path: Path) -> None:
    cut = _kill(_copy(prepared_data, tmp_path), random.Random(4))
    assert (cut["open"], cut["certified"]) == (1, 0)
    assert cut["keys"] > 0


@pytest.mark.nightly
@pytest.mark.timeout(1800)
def test_killed_forty_times(prepared_data: Path, tmp_path: Path) -> None:
    dice, in_the_middle = random.Random(11), 0
    for n in range(40):
        data = Path(shutil.copytree(prepared_data, tmp_path / str(n)))
        cut = _kill(data, dice)
        in_the_middle += cut["open"]
        shutil.rmtree(data)
    assert in_the_middle > 4


@pytest.mark.nightly
def test_two_workers_at_once_delete_nobody_twice(prepared_data: Path, tmp_path: Path) -> None:
    data = _copy(prepared_data, tmp_path)
    workers = [_command(data, "run") for _ in range(2)]
    for worker in workers:
        worker.communicate()
        assert worker.returncode == 0
    # One of them may have left the last step to the next day.
    assert _counted(data, "run") == DONE
    assert files_with(WORD, data) == []
