"""做到期的后台任务（提醒、发送、结案）；linli serve 会自动启动它。"""

from __future__ import annotations

import argparse
import os
import signal

from linli.core.interface.commands import CommandContext

REST_SECONDS = 5.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take whether to stop after one round."""
    parser.add_argument("--once", action="store_true", help="全部做一遍就结束")
    parser.add_argument("--with-parent", action="store_true", help="启动它的程序结束时一起结束")


def run(given: CommandContext) -> int:
    """Work until stopped, or once through everything."""
    from linli.workbench.jobs.runner import run_due, work

    if given.options.once:
        ran = run_due(everything=True)
        given.answer(
            jobs=[{"key": result.key, "done": result.done, "error": result.error} for result in ran]
        )
        for result in ran:
            given.say(f"{result.key}：{result.error or f'{result.done}件'}")
        return 1 if any(result.error for result in ran) else 0
    parent, stopped = os.getppid(), []
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopped.append(True))

    def goes_on() -> bool:
        # When the parent dies, the kernel gives this process another one.
        is_orphan = given.options.with_parent and os.getppid() != parent
        return not stopped and not is_orphan

    work(rest_seconds=REST_SECONDS, goes_on=goes_on)
    return 0
