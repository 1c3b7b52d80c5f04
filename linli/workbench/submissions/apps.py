"""Submissions: what a form sends counts once, however often it arrives."""

from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_noop


class SubmissionsConfig(AppConfig):
    """Have every action claim the key of the form it was sent by, and forget keys in time."""

    name = "linli.workbench.submissions"
    label = "submissions"
    verbose_name = "收件"

    def ready(self) -> None:
        """Register the first step of every action, and the job."""
        from linli.core.actions import begin_with
        from linli.core.jobs import register_job

        begin_with("linli.workbench.submissions.claims.claim")
        register_job(
            "submissions.forget",
            term=gettext_noop("清除收件记录"),
            run="linli.workbench.submissions.claims.forget",
            every=timedelta(hours=6),
        )
