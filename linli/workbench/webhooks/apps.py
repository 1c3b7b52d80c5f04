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
        from linli.register.posts.permits import role_in
        from linli.workbench.webhooks.rules import MAY_MANAGE

        register_job(
            "webhooks.send",
            term=gettext_noop("事件推送"),
            run="linli.workbench.webhooks.outbox.send_due",
            every=timedelta(seconds=10),
        )
        register_page(
            "webhooks.all",
            label=_("事件推送"),
            icon="plug",
            url_name="webhooks:all",
            group="settings",
            may=role_in(MAY_MANAGE).holds,
            order=80,
        )
        register_home_block(
            "webhooks.stopped",
            template="webhooks/stopped.html",
            build="linli.workbench.webhooks.queries.stopped_block",
            slot="notice",
            order=15,
        )
