"""What happens to lists by themselves: long ones are matched and written, old ones forgotten."""

from __future__ import annotations

from linli.capabilities.record_linkage import runner
from linli.capabilities.record_linkage.actions import purge_lists
from linli.core.scope import system_scope


def do_long_work() -> int:
    """Match and write the lists that are too long to wait for."""
    return runner.do_what_waits()


def forget_old_lists() -> int:
    """Delete the lists, rows and former values whose day has come, everywhere."""
    from linli.capabilities.record_linkage.queries import is_purge_due

    with system_scope("lists past their day are forgotten everywhere"):
        return purge_lists(by=None) if is_purge_due() else 0
