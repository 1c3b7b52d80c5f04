"""Alerts: nothing with a date is overlooked."""

from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class AlertsConfig(AppConfig):
    """Rules that raise alerts before something falls due."""

    name = "linli.capabilities.alerts"
    label = "alerts"
    verbose_name = "到期提醒"

    def ready(self) -> None:
        """Register the task kind, the job, the records and the pages."""
        from linli.capabilities.alerts import endings, retention
        from linli.capabilities.alerts.rules import MAY_READ, MAY_RULE
        from linli.capabilities.alerts.terms import RESPOND
        from linli.core.interface.registry import (
            register_answer_use,
            register_page,
            register_record,
        )
        from linli.core.jobs import register_job
        from linli.core.moved_dates import on_moved_dates
        from linli.core.words import register_words
        from linli.register.posts.permits import role_in
        from linli.workbench.tasks.kinds import (
            ends_on_page,
            on_task,
            register_task_kind,
            withhold_tasks,
        )

        retention.declare_tables()
        endings.declare_tables()
        register_task_kind(
            RESPOND,
            term=gettext_noop("吹哨响应"),
            role="community_worker",
            working_days=5,
            weight=40,
            url_name="alerts:alert",
        )
        on_task(RESPOND, "linli.capabilities.alerts.actions.follow_task")
        ends_on_page(RESPOND, "linli.capabilities.alerts.queries.alert_closure.page_of_task")
        on_moved_dates("linli.capabilities.alerts.runner.follow_moved_dates")
        withhold_tasks(RESPOND, "linli.capabilities.alerts.queries.withheld")
        register_words("linli.capabilities.alerts.library.words")
        register_job(
            "alerts.run",
            term=gettext_noop("到期提醒"),
            run="linli.capabilities.alerts.jobs.raise_alerts",
            every=timedelta(minutes=5),
        )
        register_answer_use(
            "alerts.add",
            label=_("写吹哨规则"),
            icon="bell",
            url_name="alerts:add",
            may=role_in(MAY_RULE).holds,
            order=40,
        )
        register_record(
            "alerts.alert",
            url_name="alerts:alert",
            find="linli.capabilities.alerts.queries.alert_or_not_found",
        )
        register_page(
            "alerts.all",
            label=_("到期提醒"),
            icon="bell",
            url_name="alerts:all",
            tab="today",
            note=_("日子到之前先说一声"),
            may=role_in(MAY_READ).holds,
            order=22,
        )
