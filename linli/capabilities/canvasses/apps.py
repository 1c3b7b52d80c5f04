"""Canvasses."""

from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class CanvassesConfig(AppConfig):
    """Nobody missed, nobody asked twice."""

    name = "linli.capabilities.canvasses"
    label = "canvasses"
    verbose_name = "走访排查"

    def ready(self) -> None:
        """Register the page, the record and what happens by itself."""
        from linli.capabilities.canvasses import jobs, queries, retention, rules
        from linli.capabilities.canvasses.queries import canvass_or_not_found
        from linli.core.interface.registry import (
            register_answer_use,
            register_page,
            register_record,
        )
        from linli.core.jobs import register_job
        from linli.register.posts.permits import role_in
        from linli.workbench.read_budget.exempt_records import register_part

        retention.declare_tables()
        register_answer_use(
            "canvasses.start",
            label=_("挨户走访"),
            icon="door-enter",
            url_name="canvasses:start",
            subjects=("person",),
            may=role_in(rules.MAY_START).holds,
            order=20,
        )
        register_record(
            "canvasses.canvass",
            url_name="canvasses:canvass",
            find=canvass_or_not_found,
            may=role_in(rules.MAY_CANVASS).holds,
        )
        register_part("canvasses.canvass", queries.meant_by)
        register_page(
            "canvasses.list",
            label=_("走访排查"),
            icon="door-enter",
            url_name="canvasses:list",
            tab="today",
            note=_("一户不漏，也不问两遍"),
            may=role_in(rules.MAY_CANVASS).holds,
            order=28,
        )
        register_job(
            "canvasses.top_up",
            term=gettext_noop("补上新住户"),
            run=jobs.top_up_all,
            every=timedelta(minutes=15),
        )
