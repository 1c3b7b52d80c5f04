"""What happens by itself."""

from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_noop


class JobsConfig(AppConfig):
    """The worker and what it has done."""

    name = "linli.workbench.jobs"
    label = "jobs"
    verbose_name = "后台任务"

    def ready(self) -> None:
        """Register the job that measures."""
        from linli.core.jobs import register_job

        register_job(
            "jobs.measure",
            term=gettext_noop("记下数据库大小"),
            run="linli.workbench.jobs.measure.note_size",
            every=timedelta(days=1),
        )
