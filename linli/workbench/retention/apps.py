"""Retention."""

from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class RetentionConfig(AppConfig):
    """Whose time is over is listed, deleted and certified."""

    name = "linli.workbench.retention"
    label = "retention"
    verbose_name = "到期删除"

    def ready(self) -> None:
        """Declare the tables; register the job, page and block, and what outlives a restore."""
        from linli.core.database.backup import register_outlives
        from linli.core.interface.registry import (
            register_home_block,
            register_page,
            register_record_block,
        )
        from linli.core.jobs import register_job
        from linli.register.posts.permits import role_in
        from linli.workbench.retention import ending_declarations, rules, table_declarations

        table_declarations.declare_all()
        ending_declarations.declare_all()
        register_outlives(
            "retention",
            before="linli.workbench.retention.jobs.before_restore",
            after="linli.workbench.retention.jobs.after_restore",
        )
        register_job(
            "retention",
            term=gettext_noop("到期删除"),
            run="linli.workbench.retention.jobs.every_day",
            every=timedelta(days=1),
        )
        register_page(
            "retention.list",
            label=_("到期删除"),
            icon="clock",
            url_name="retention:list",
            group="settings",
            note=_("谁的信息到期、为什么等、删过什么"),
            may=role_in(rules.MAY_HOLD).holds,
            order=65,
        )
        register_record_block(
            "retention.of_person",
            label="people.person",
            template="retention/of_person.html",
            build="linli.workbench.retention.blocks.of_person",
            order=95,
        )
        register_home_block(
            "retention",
            template="retention/home.html",
            build="linli.workbench.retention.blocks.home",
            order=60,
        )
