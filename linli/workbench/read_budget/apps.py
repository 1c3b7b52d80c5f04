"""The read budget: how many distinct people somebody reads in a day."""

from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class ReadBudgetConfig(AppConfig):
    """Put the limits into the menu, unusual days before the auditor, and forget in time."""

    name = "linli.workbench.read_budget"
    label = "read_budget"
    verbose_name = "阅读额度"

    def ready(self) -> None:
        """Register the page, the block, the words of the log and the job."""
        from linli.core.interface.registry import register_home_block, register_page
        from linli.core.jobs import register_job
        from linli.register.posts.permits import role_in
        from linli.workbench.journal.queries import register_watched
        from linli.workbench.read_budget.rules import MAY_SET_LIMITS
        from linli.workbench.read_budget.terms import LIST_READ, UNUSUAL_DAY

        register_page(
            "read_budget.limits",
            label=_("阅读上限"),
            icon="lock",
            url_name="read_budget:limits",
            group="settings",
            note=_("各岗位一天最多看多少人"),
            may=role_in(MAY_SET_LIMITS).holds,
            order=62,
        )
        register_home_block(
            "read_budget",
            template="read_budget/home.html",
            build="linli.workbench.read_budget.blocks.home",
            slot="notice",
            order=5,
        )
        register_watched(LIST_READ, "linli.workbench.read_budget.blocks.list_in_words")
        register_watched(UNUSUAL_DAY, "linli.workbench.read_budget.blocks.day_in_words")
        register_job(
            "read_budget.forget",
            term=gettext_noop("清除阅读记录"),
            run="linli.workbench.read_budget.actions.forget",
            every=timedelta(hours=1),
        )
