"""How things are measured: medians, ratios, and the peak memory of a process of its own."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

ROUNDS = 7


@dataclass
class Figure:
    """One line of the table: what, how much, beside what."""

    what: str
    value: float
    unit: str
    beside: str = ""
    beside_value: float | None = None
    limit: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Return value ÷ the alternative's value."""
        return self.value / self.beside_value if self.beside_value else None

    @property
    def held(self) -> bool | None:
        """Does it stay within its limit? Limits are on the ratio, or on the value without one."""
        if self.limit is None:
            return None
        measured = self.ratio if self.ratio is not None else self.value
        return measured <= self.limit


@dataclass
class Section:
    """One group of figures with its peak memory."""

    title: str
    figures: list[Figure] = field(default_factory=list)
    peak_mib: float = 0.0
    text: str = ""  # what stands below the table, in Markdown

    def add(self, *args: Any, **kwargs: Any) -> None:
        """Add a figure."""
        self.figures.append(Figure(*args, **kwargs))


def median_ms(run: Callable[[], Any], rounds: int = ROUNDS) -> float:
    """Return the median of several runs in milliseconds, after one that warms up."""
    run()
    taken = []
    for _ in range(rounds):
        before = time.perf_counter()
        run()
        taken.append((time.perf_counter() - before) * 1000)
    return statistics.median(taken)


def alternating_ms(
    ours: Callable[[], Any], theirs: Callable[[], Any], rounds: int = ROUNDS
) -> tuple[float, float]:
    """Return both medians in milliseconds, measured in turns so that both meet the same machine."""
    ours()
    theirs()
    a, b = [], []
    for _ in range(rounds):
        for run, into in ((ours, a), (theirs, b)):
            before = time.perf_counter()
            run()
            into.append((time.perf_counter() - before) * 1000)
    return statistics.median(a), statistics.median(b)


def once_s(run: Callable[[], Any]) -> tuple[float, Any]:
    """Return how many seconds one run takes, and its answer."""
    before = time.perf_counter()
    answer = run()
    return time.perf_counter() - before, answer


def peak_mib() -> float:
    """Return the most memory this process has held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def in_its_own_process(name: str, environment: dict[str, str]) -> Section:
    """Run one section in a fresh process and return what it measured."""
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--section", name],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        return Section(f"{name}: did not finish (exit {done.returncode})")
    told = json.loads(done.stdout.strip().splitlines()[-1])
    return Section(
        told["title"], [Figure(**f) for f in told["figures"]], told["peak_mib"], told["text"]
    )


def tell(section: Section) -> None:
    """Print a section as one line of JSON for the parent process."""
    section.peak_mib = round(peak_mib(), 1)
    print(json.dumps(asdict(section), ensure_ascii=False))


def as_markdown(sections: list[Section]) -> str:
    """Return the page of figures."""
    lines = []
    for section in sections:
        lines += [f"## {section.title}", ""]
        lines += [
            "| what | figure | beside | ratio | limit | held |",
            "| --- | --- | --- | --- | --- | --- |",
        ]
        for f in section.figures:
            beside = f"{f.beside}: {f.beside_value:.3g} {f.unit}" if f.beside_value else f.beside
            ratio = f"{f.ratio:.2f}" if f.ratio is not None else ""
            limit = f"{f.limit:g}" if f.limit is not None else ""
            held = {True: "yes", False: "NO", None: ""}[f.held]
            what = f"{f.what} ({f.note})" if f.note else f.what
            lines.append(
                f"| {what} | {f.value:.3g} {f.unit} | {beside} | {ratio} | {limit} | {held} |"
            )
        lines += ["", section.text] if section.text else []
        lines += ["", f"Peak memory of this section: {section.peak_mib:.0f} MiB.", ""]
    return "\n".join(lines)
