"""The power fails while rules run: no alert is lost and none is doubled."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from linli.capabilities.alerts.tests.killed import LIFTS


def _command(data: Path, what: str) -> subprocess.Popen[bytes]:
    given = {**os.environ, "LINLI_DATA": str(data), "LINLI_MODE": "embedded", "DATABASE_URL": ""}
    return subprocess.Popen(
        [sys.executable, "-m", "linli.capabilities.alerts.tests.killed", what],
        env=given,
        stdout=subprocess.PIPE,
    )


def _done(data: Path, what: str) -> None:
    child = _command(data, what)
    child.communicate()
    assert child.returncode == 0


def _column(data: Path, sql: str) -> list[str]:
    """Read the file itself: a process of ours would take longer than the run."""
    db = sqlite3.connect(data / "linli.sqlite3")
    try:
        return [row[0] for row in db.execute(sql)]
    finally:
        db.close()


def _whistled(data: Path) -> list[str]:
    return _column(data, "SELECT subject_id FROM alerts_alert")


def _untold(data: Path) -> int:
    return len(_column(data, "SELECT id FROM alerts_alert WHERE told_on IS NULL"))


@dataclass
class Tally:
    """What happened over all the kills."""

    kills: int = 0
    lost: int = 0
    doubled: int = 0
    in_the_middle: int = 0


def _kill(data: Path, what: str, dice: random.Random) -> None:
    child = _command(data, what)
    assert child.stdout is not None
    assert child.stdout.readline() == b"go\n"
    time.sleep(dice.uniform(0.05, 1.2))
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()


def _kill_often(folder: Path, rounds: int, kills: int, what: str = "run") -> Tally:
    """Kill a run several times on each of some copies, then let it finish and count."""
    tally, dice = Tally(), random.Random(7)
    fresh = folder / "fresh"
    _done(fresh, "prepare")
    for n in range(rounds):
        data = folder / f"round{n}"
        shutil.copytree(fresh, data)
        for _ in range(kills):
            _kill(data, what, dice)
            tally.kills += 1
            tally.in_the_middle += 0 < len(_whistled(data)) < LIFTS
        _done(data, what)
        subjects, tasks = _whistled(data), _column(data, "SELECT title FROM tasks_task")
        twice = _column(data, "SELECT id FROM alerts_alert WHERE told_times > 1")
        tally.lost += LIFTS - len(set(subjects)) + _untold(data)
        tally.doubled += len(subjects) - len(set(subjects)) + len(tasks) - len(set(tasks))
        tally.doubled += len(twice)
        shutil.rmtree(data)
    return tally


@pytest.mark.nightly
@pytest.mark.timeout(300)
def test_negative_control_without_the_key_a_kill_doubles(tmp_path: Path) -> None:
    assert _kill_often(tmp_path, rounds=1, kills=2, what="careless").doubled > 0


@pytest.mark.nightly
@pytest.mark.timeout(300)
def test_two_runs_side_by_side_alert_once(tmp_path: Path) -> None:
    _done(tmp_path, "prepare")
    runs = [_command(tmp_path, "run") for _ in range(2)]
    for run in runs:
        run.communicate()
        assert run.returncode == 0
    tasks = _column(tmp_path, "SELECT title FROM tasks_task")
    assert len(_whistled(tmp_path)) == len(tasks) == LIFTS
    assert _untold(tmp_path) == 0


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_killed_two_hundred_times_while_raising_alerts(tmp_path: Path) -> None:
    tally = _kill_often(tmp_path, rounds=50, kills=4)
    print(tally)
    assert tally.kills == 200
    assert (tally.lost, tally.doubled) == (0, 0)
    assert tally.in_the_middle > 50
