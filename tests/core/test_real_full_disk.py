"""A small disk that really fills up: reading goes on, writing says so in plain words."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.nightly
def test_on_a_disk_that_really_fills_up_reading_goes_on_and_writing_says_so(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk")
    try:
        env = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.getcwd(),
            "LINLI_DATA": str(disk),
            "LINLI_MODE": "embedded",
        }
        run = [sys.executable, "-m", "tests.core.full_disk"]
        done = subprocess.run(run, env=env, capture_output=True, timeout=280)
    finally:
        subprocess.run(["umount", str(disk)], check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["writing"] == [507, True]
    for moment in ("before", "reading", "still reading", "after"):
        assert set(told[moment].values()) == {200}, moment
    assert told["started anew"] in ([200, False], [507, True])
