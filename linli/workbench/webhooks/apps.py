"""Webhooks."""

from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class WebhooksConfig(AppConfig):
    """Other programs hear what happened, signed, and the officer sees whether they do."""

    name = "linli.workbench.webhooks"
    label = "webhooks"
    verbose_name = "事件推送"

    def ready(self) -> None:
        """Register the sending, the officer's page, and what 今日 says of a stopped address."""
        from linli.core.interface.registry import register_home_block, register_page
        from linli.core.jobs import register_job
        from linli.workbench.webhooks import outbox
        from linli.workbench.webhooks.queries import sees_webhooks, stopped_block

        register_job(
            "webhooks.send",
            term=gettext_noop("事件推送"),
            run=outbox.send_due,
            every=timedelta(seconds=10),
        )
        register_page(
            "webhooks.all",
            label=_("事件推送"),
            icon="plug",
            url_name="webhooks:all",
            tab="mine",
            may=sees_webhooks,
            order=60,
        )
        register_home_block(
            "webhooks.stopped", template="webhooks/stopped.html", build=stopped_block, order=15
        )
