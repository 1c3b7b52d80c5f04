"""What a run has cost: nothing that it started is forgotten."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from tests.cost_table import app_of, cpu_seconds
from tests.prepared import ROOT

BUSY = "import time\nwhile time.process_time() < 0.4: pass"
MEASURE = """
import sys
from tools.cpu_cost import adopt_orphans, measured
if sys.argv[1] == "adopting":
    adopt_orphans()
print(measured(sys.argv[2:])[1])
"""


def measured(how: str) -> float:
    """Measure a shell that ends at once and leaves a busy process behind."""
    left_behind = ["sh", "-c", '"$@" & sleep 0.1', "sh", sys.executable, "-S", "-c", BUSY]
    command = [sys.executable, "-c", MEASURE, how, *left_behind]
    return float(subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout)


def test_what_outlives_its_parent_is_counted() -> None:
    assert measured("adopting") >= 0.4


def test_without_adopting_it_would_be_forgotten() -> None:
    assert measured("not adopting") < 0.4


def test_a_process_counts_with_its_children_running_and_ended() -> None:
    before = cpu_seconds()
    subprocess.run([sys.executable, "-S", "-c", BUSY], check=True)
    assert cpu_seconds() - before > 0.3
    with subprocess.Popen([sys.executable, "-S", "-c", f"{BUSY}\ninput()"], stdin=-1) as child:
        until = time.monotonic() + 30
        while cpu_seconds() - before < 0.7 and time.monotonic() < until:
            time.sleep(0.02)
        assert cpu_seconds() - before >= 0.7
        child.kill()


@pytest.mark.parametrize(
    ("test", "app"),
    [
        (
            "linli/capabilities/cases/tests/webhooks/test_stories.py::test_a",
            "linli/capabilities/cases",
        ),
        ("tests/guards/walker/test_forms.py::test_a", "tests/guards"),
        ("tests/test_page_checks.py::test_a", "tests"),
    ],
)
def test_a_test_counts_for_its_app(test: str, app: str) -> None:
    assert app_of(test) == app
