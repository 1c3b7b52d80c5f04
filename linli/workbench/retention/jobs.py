"""What retention does by itself, for the whole installation."""

from __future__ import annotations

from collections.abc import Callable

from linli.core.scope import system_scope
from linli.core.time import today
from linli.workbench.retention import runner as runs


def every_day() -> int:
    """List, delete and certify; return how many people were listed or deleted.

    Whoever came back with a restored backup is deleted again first.
    """
    ran = run_now()
    return ran.listed + ran.deleted


def run_now() -> runs.RetentionRun:
    """Do today's run wherever people live."""
    with system_scope("whose time is over is deleted, wherever they lived"):
        runs.replay()
        return runs.run(today())


def before_restore() -> None:
    """Write every deleted key into the list beside the database, which a restore does not touch."""
    with system_scope("deleted keys are kept over a restore"):
        runs.keep_list()


def after_restore(tell: Callable[[str], None]) -> None:
    """Delete again whom the backup brought back."""
    with system_scope("whom a restored backup brought back is deleted again"):
        runs.after_restore(tell)
