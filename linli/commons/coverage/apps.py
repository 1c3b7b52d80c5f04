"""Coverage."""

from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_noop


class CoverageConfig(AppConfig):
    """Nobody missed: what a canvass, a message tree or an incident reports into."""

    name = "linli.commons.coverage"
    label = "coverage"
    verbose_name = "人人不漏"

    def ready(self) -> None:
        """Register what happens by itself, and what retention does with the rows."""
        from linli.commons.coverage import endings, retention
        from linli.commons.coverage.terms import MOVED_TASK
        from linli.core.jobs import register_job
        from linli.workbench.tasks.kinds import register_task_kind

        retention.declare_tables()
        endings.declare_tables()
        register_task_kind(
            MOVED_TASK,
            term=gettext_noop("核实迁出"),
            role="grid_worker",
            working_days=5,
            weight=40,
            # The page of the household on the list, where a move out is recorded.
            url_name="canvasses:moved",
            outside=gettext_noop("核实人员情况"),
        )
        register_job(
            # The key under which installations know when it last ran.
            "canvasses.top_up",
            term=gettext_noop("补上新住户"),
            run="linli.commons.coverage.jobs.top_up_all",
            every=timedelta(minutes=15),
        )
