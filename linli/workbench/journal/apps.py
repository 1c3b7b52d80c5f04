"""The journal (民情日志): what happened, append-only."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JournalConfig(AppConfig):
    """Keep what actions say happened."""

    name = "linli.workbench.journal"
    label = "journal"
    verbose_name = "民情日志"

    def ready(self) -> None:
        """Take the entries of every action, and put the log into the menu."""
        from linli.core.actions import keep_journal_with
        from linli.core.interface.registry import (
            register_home_block,
            register_page,
            register_record_block,
        )
        from linli.core.interface.shell import register_quick_verb
        from linli.register.posts.permits import role_in
        from linli.register.posts.rules import MAY_READ_LOGS
        from linli.workbench.journal.rules import WRITES_NOTES

        keep_journal_with("linli.workbench.journal.hash_chain.keep")
        register_record_block(
            "journal",
            label="*",
            template="journal/block.html",
            build="linli.workbench.journal.blocks.journal",
            tab="log",
            order=90,
        )
        for order, (key, label, icon) in enumerate(
            (("note", _("记一笔"), "pencil"), ("photo", _("拍照"), "camera"))
        ):
            register_quick_verb(
                f"journal.{key}",
                label=label,
                icon=icon,
                url_name="journal:note-here",
                may=role_in(WRITES_NOTES).holds,
                order=30 + order,
            )
        register_home_block(
            "journal.watched",
            template="journal/watched.html",
            build="linli.workbench.journal.blocks.watched",
            slot="first",
            roles=frozenset({"auditor"}),
        )
        register_page(
            "journal.mine",
            label=_("我的日志"),
            icon="notebook",
            url_name="journal:mine",
            group="mine",
            note=_("我记下的和办过的"),
            may=role_in(WRITES_NOTES).holds,
            order=20,
        )
        register_page(
            "journal.logs",
            label=_("操作日志"),
            icon="notebook",
            url_name="journal:logs",
            group="settings",
            may=lambda scope: scope.role in MAY_READ_LOGS,
            order=60,
        )
