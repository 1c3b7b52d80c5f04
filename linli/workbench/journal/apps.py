"""The journal (民情日志): what happened, append-only."""

from __future__ import annotations

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """Keep what actions say happened."""

    name = "linli.workbench.journal"
    label = "journal"
    verbose_name = "民情日志"

    def ready(self) -> None:
        """Take the entries of every action."""
        from linli.core.actions import keep_journal_with
        from linli.workbench.journal.chain import keep

        keep_journal_with(keep)
