"""The examples of docs/guides/open311.md are run, by curl, against the running server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from linli.capabilities.cases.tests.builders import a_case, a_station
from linli.integrations.open311.tests.test_stories import count, key_of

GUIDE = Path(__file__).resolve().parents[4] / "docs/guides/open311.md"
pytestmark = pytest.mark.django_db(transaction=True)


def examples() -> list[str]:
    blocks = re.findall(r"^```sh\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.S | re.M)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [line for line in lines if line.startswith("curl ")]


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_every_example_of_the_guide_works(live_server: Any, settings: Any) -> None:
    station = a_station()
    taken = a_case(station, category=station.lift)
    words = {
        "HERE": f"{live_server.url}/open311",
        "KEY": key_of(station.worker),
        "CODE": station.lift.code,
        "NUMBER": taken.case.number,
        "TOKEN": taken.tracking,
        "PATH": os.environ["PATH"],
    }
    found = examples()
    assert len(found) >= 10
    for line in found:
        done = subprocess.run(
            ["bash", "-c", line], env=words, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{line}\n{done.stderr}{done.stdout}"
        assert done.stdout
    assert count() == 2, "the one that was there and the one that the guide reported"
