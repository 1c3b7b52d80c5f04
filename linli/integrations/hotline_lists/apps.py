"""Hotline lists."""

from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class HotlineListsConfig(AppConfig):
    """Many cases at once, from the spreadsheet of a hotline."""

    name = "linli.integrations.hotline_lists"
    label = "hotline_lists"
    verbose_name = "批量来件"

    def ready(self) -> None:
        """Register the page below 办件, and the purging of lists that have been taken in."""
        from linli.capabilities.cases.rules import DISPATCHES
        from linli.core.endings import PLACE, EndingDeclaration, Fate, declare
        from linli.core.interface.registry import register_page
        from linli.core.jobs import register_job
        from linli.register.posts.permits import role_in

        declare(
            EndingDeclaration(
                "hotline_lists.HotlineList", ("place",), (PLACE,), Fate.STAYS, "来件名单是历史"
            )
        )
        register_page(
            "hotline_lists.all",
            label=_("批量来件"),
            icon="table-import",
            url_name="hotline_lists:all",
            group="cases.all",
            note=_("12345等热线的Excel和CSV"),
            may=role_in(DISPATCHES).holds,
        )
        register_job(
            "hotline_lists.purge",
            term=gettext_noop("清除来件表格"),
            run="linli.integrations.hotline_lists.runner.purge",
            every=timedelta(hours=6),
        )
