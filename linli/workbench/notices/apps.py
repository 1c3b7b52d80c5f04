"""Notices: who is told, by which way, and what became of it."""

from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_noop


class NoticesConfig(AppConfig):
    """One outbox for every capability."""

    name = "linli.workbench.notices"
    label = "notices"
    verbose_name = "通知"

    def ready(self) -> None:
        """Register the pages and the sending."""
        from linli.core.jobs import register_job
        from linli.core.registry import register_record
        from linli.workbench.notices import jobs

        register_record("notices.notice", url_name="notices:notice")
        register_job(
            "notices.send", term=gettext_noop("发送通知"), run=jobs.send_queued,
            every=timedelta(seconds=10),
        )  # fmt: skip
        register_job(
            "notices.forget", term=gettext_noop("清除过期通知内容"), run=jobs.forget,
            every=timedelta(days=1),
        )  # fmt: skip
