"""A table at the end of a run: wall time and CPU time of the tests, by app.

The CPU time of a test is that of its process and of all it started: browser, commands, servers.
A PostgreSQL server is no child of the tests; ``tools/cpu_cost.py`` counts it in the whole.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

TICKS = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")
_last = 0.0  # what this process and its children had used when the last phase of a test ended
_by_app: dict[str, list[float]] = defaultdict(lambda: [0, 0.0, 0.0])  # tests, wall, CPU


def app_of(path: str) -> str:
    """Return the folder a test counts for: its app, or its folder in ``tests``."""
    folders = path.split("::")[0].split("/")[:-1]
    if "tests" in folders[1:]:
        return "/".join(folders[: folders.index("tests", 1)])
    return "/".join(folders[:2])


def cpu_seconds(process: int | str = "self") -> float:
    """Return the user and system seconds of a process and of all it started; 0 without /proc."""
    try:
        words = (PROC / str(process) / "stat").read_text().rpartition(")")[2].split()
        used = sum(int(word) for word in words[11:15]) / TICKS  # utime stime cutime cstime
        lists = [one.read_text() for one in (PROC / str(process) / "task").glob("*/children")]
    except (OSError, ValueError):  # it ended meanwhile, or this is not Linux
        return 0.0
    return used + sum(cpu_seconds(child) for child in " ".join(lists).split())


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop() -> Iterator[None]:
    """Begin to count when all is imported and collected."""
    global _last
    _last = cpu_seconds()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[Any]:
    """Write on the report of each phase of a test what it used; a worker sends it along."""
    global _last
    report = yield
    now = cpu_seconds()
    report.cpu, _last = max(0.0, now - _last), now
    return report


def pytest_runtest_logreport(report: Any) -> None:
    """Add up what was used."""
    row = _by_app[app_of(report.nodeid)]
    row[0] += report.when == "call"
    row[1] += report.duration
    row[2] += getattr(report, "cpu", 0.0)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Show the table, the dearest app first."""
    if len(_by_app) < 2:
        return
    terminalreporter.write_sep("-", "cost by app: tests, wall seconds, CPU seconds")
    total = [sum(row[column] for row in _by_app.values()) for column in range(3)]
    for app, row in [*sorted(_by_app.items(), key=lambda one: -one[1][2]), ("all", total)]:
        terminalreporter.write_line(f"{row[0]:6.0f} {row[1]:8.1f} {row[2]:8.1f}  {app}")
