"""Run targets of the Makefile one after the other, and say what each has cost in CPU seconds.

Counted is what the kernel charged to all that a target started: workers, browsers, commands, the
PostgreSQL server too. A bound is shown as held or not; it fails nothing, as machines differ.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import resource
import subprocess
import sys
import time

PR_SET_CHILD_SUBREAPER = 36
PATIENCE = 20.0  # for what is still ending after its target has


def adopt_orphans() -> None:
    """Let this process inherit, and so be charged for, what outlives its parent (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def bury_orphans(patience: float = PATIENCE) -> None:
    """Wait for what the target left behind; only what was waited for is charged."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        try:
            process, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not process:
            time.sleep(0.05)


def measured(command: list[str]) -> tuple[int, float, float]:
    """Run a command; return its exit code, its CPU seconds and its wall seconds."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    code = subprocess.run(command, check=False).returncode
    wall = time.monotonic() - began
    bury_orphans()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return code, used, wall


def main() -> int:
    """Run the targets, stop at the first that fails, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="+")
    parser.add_argument("--bound", type=float, default=0, help="CPU seconds of all together")
    asked = parser.parse_args()
    adopt_orphans()
    rows, code = [], 0
    for target in asked.targets:
        code, used, wall = measured(["make", "--no-print-directory", target])
        rows.append((target, used, wall))
        if code:
            break
    rows.append(("all", sum(row[1] for row in rows), sum(row[2] for row in rows)))
    print(f"{'CPU s':>8} {'wall s':>8}")
    for target, used, wall in rows:
        print(f"{used:8.0f} {wall:8.0f}  {target}")
    if asked.bound and not code:
        print(
            f"bound {asked.bound:.0f} CPU s: held {'yes' if rows[-1][1] <= asked.bound else 'no'}"
        )
    return code


if __name__ == "__main__":
    raise SystemExit(main())
