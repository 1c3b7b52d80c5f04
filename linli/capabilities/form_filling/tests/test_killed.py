"""The power fails while a form is filled and handed in: it is handed in whole, or not yet."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

LONGEST_WAIT = 1.5
WHOLE, NOT_YET = "handed_in 1 1 1", "open 0 0 0"


def _command(data: Path, what: str) -> subprocess.Popen[str]:
    given = {**os.environ, "LINLI_DATA": str(data), "LINLI_MODE": "embedded", "DATABASE_URL": ""}
    order = [sys.executable, "-m", "linli.capabilities.form_filling.tests.killed", what]
    return subprocess.Popen(order, env=given, stdout=subprocess.PIPE, text=True)


def _said(data: Path, what: str) -> str:
    child = _command(data, what)
    said, _errors = child.communicate()
    assert child.returncode == 0, what
    return said.strip()


def _kill_often(folder: Path, times: int) -> set[str]:
    prepared, dice, ends = folder / "prepared", random.Random(11), set()
    prepared.mkdir()
    _said(prepared, "prepare")
    for n in range(times):
        data = folder / str(n)
        shutil.copytree(prepared, data)
        child = _command(data, "hand-in")
        assert child.stdout is not None
        assert child.stdout.readline() == "go\n"
        time.sleep(dice.uniform(0, LONGEST_WAIT))
        child.send_signal(signal.SIGKILL)
        child.wait()
        found = _said(data, "look")
        assert found in (WHOLE, NOT_YET), n
        ends.add(found)
        # It can go on at once, and is handed in once, however often it is tried.
        _said(data, "hand-in")
        assert _said(data, "look") == WHOLE, n
        shutil.rmtree(data)
    return ends


@pytest.mark.nightly
@pytest.mark.timeout(7200)
def test_killed_two_hundred_times_nothing_is_half_handed_in(tmp_path: Path) -> None:
    assert _kill_often(tmp_path, 200) == {WHOLE, NOT_YET}
