"""What happens by itself."""

from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """The worker and what it has done."""

    name = "linli.workbench.jobs"
    label = "jobs"
    verbose_name = "后台任务"
