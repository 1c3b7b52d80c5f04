"""刷新统计用的快照：只读变动的（--from-nothing：从头来）。"""

from __future__ import annotations

import argparse
from time import perf_counter

from linli.faces.cli.context import CliContext


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the one choice."""
    parser.add_argument("--from-nothing", action="store_true", help="从头来")


def run(given: CliContext) -> None:
    """Bring the snapshot up to date and say what it took."""
    from linli.workbench.conditions.snapshot.files import about, refresh

    began = perf_counter()
    snapshot = about(refresh(from_nothing=given.options.from_nothing))
    seconds = round(perf_counter() - began, 2)
    size = snapshot["bytes"] / 1e6
    given.say(f"快照：{snapshot['as_of']}，{size:.1f} MB，读了 {snapshot['rows']}，{seconds} 秒")
    given.answer(seconds=seconds, **snapshot)
