"""Reports: any "who" and "how many", answered (A2)."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

# The first of these that have an answer for the post are offered.
EXAMPLES = (
    "90岁以上独居老人",
    "有几户低保",
    "近90天没联系过的空巢老人",
    "80岁以上独居老人",
    "80岁以上老人",
    "残疾人",
    "租户",
    "儿童",
)


class ReportsConfig(AppConfig):
    """Tell the shell where questions are asked."""

    name = "linli.capabilities.reports"
    label = "reports"
    verbose_name = "智慧报表"

    def ready(self) -> None:
        """Register the pages and the ask box."""
        from linli.capabilities.reports.terms import CONSENT
        from linli.core.interface.first_week import register_first_step
        from linli.core.interface.registry import register_ask_box, register_page, register_router
        from linli.core.interface.shell import register_quick_verb
        from linli.register.posts.rules import READS_REGISTER
        from linli.workbench.journal.queries import register_leaving
        from linli.workbench.read_budget.exempt_records import register_part
        from linli.workbench.tasks.kinds import register_task_kind

        register_part("reports.exportrequest", "linli.capabilities.reports.queries.meant_by")

        register_task_kind(
            CONSENT,
            term=gettext_noop("同意导出名单"),
            role="secretary",
            working_days=1,
            weight=50,
            url_name="reports:exports",
            ends_with_subject=True,
        )

        def reads(scope: object) -> bool:
            return getattr(scope, "role", "") in READS_REGISTER

        register_leaving("export.taken")
        register_quick_verb(
            "reports.ask",
            label=_("查询"),
            icon="search",
            url_name="reports:ask",
            may=reads,
            order=60,
        )
        register_page(
            "reports.ask",
            label=_("查询"),
            icon="search",
            url_name="reports:ask",
            group="register",
            may=reads,
            order=1,
        )
        register_page(
            "reports.saved",
            label=_("常用名单"),
            icon="bookmark",
            url_name="reports:saved",
            group="mine",
            may=reads,
            order=30,
        )
        register_page(
            "reports.exports",
            label=_("导出记录"),
            icon="download",
            url_name="reports:exports",
            group="mine",
            may=reads,
            order=40,
        )

        def examples(request: object) -> list[str]:
            from linli.workbench.conditions.examples import answerable

            return answerable(EXAMPLES)

        register_first_step(
            "reports.ask",
            label=_("试问一句"),
            why=_("写一句话，就得到人数和名单"),
            roles=frozenset({"subdistrict_officer", "secretary"}),
            url_name="reports:ask",
            order=70,
        )
        register_ask_box("reports:ask", parameter="q", examples=examples)
        register_router("/reports", router="linli.capabilities.reports.api.router")
