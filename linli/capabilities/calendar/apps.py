"""The calendar: what is coming, for a post and for a place."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CalendarConfig(AppConfig):
    """A month, a list, and feeds for calendar programs."""

    name = "linli.capabilities.calendar"
    label = "calendar_feeds"
    verbose_name = "日历"

    def ready(self) -> None:
        """Register the page."""
        from linli.capabilities.calendar import endings
        from linli.core.interface.registry import register_home_block, register_page
        from linli.register.posts.rules import READS_REGISTER

        endings.declare_tables()
        register_home_block(
            "calendar.week",
            template="calendar/week.html",
            build="linli.capabilities.calendar.blocks.week",
            roles=frozenset({"secretary", "community_worker"}),
            order=20,
        )
        register_page(
            "calendar.month",
            label=_("日历"),
            icon="calendar",
            url_name="calendar:month",
            group="affairs",
            note=_("这个月有哪些日子"),
            may=lambda scope: scope.role in READS_REGISTER,
            order=40,
        )
