"""Toys that neighbours lend each other."""

from __future__ import annotations

from django.apps import AppConfig


class ToysConfig(AppConfig):
    """Put toys into the menu."""

    name = "linli.capabilities.toys"
    label = "toys"
    verbose_name = "玩具"

    def ready(self) -> None:
        """Register the page."""
        from linli.core.interface.registry import register_page
        from linli.core.interface.shell import register_record_verb, register_search

        register_page("toys", label="玩具", icon="gift", url_name="toys:list", group="register")
        register_search("toys", label="玩具", find="linli.capabilities.toys.queries.find_toys")
        register_record_verb(
            "toys.bring",
            record="places.place",
            label="带来玩具",
            icon="gift",
            href="linli.capabilities.toys.queries.bring_href",
        )
