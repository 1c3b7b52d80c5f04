"""Toys that neighbours lend each other."""

from __future__ import annotations

from django.apps import AppConfig


class ToysConfig(AppConfig):
    """Put toys into the menu."""

    name = "linli.capabilities.toys"
    label = "toys"
    verbose_name = "玩具"

    def ready(self) -> None:
        """Register the page and everything a capability can plug into the shell."""
        from linli.core.interface import shell
        from linli.core.interface.registry import register_page, register_record_block

        register_page("toys", label="玩具", icon="gift", url_name="toys:list", group="register")
        shell.register_today("toys", label="玩具", build="linli.capabilities.toys.blocks.due")
        shell.register_stops("toys", label="玩具", build="linli.capabilities.toys.blocks.stops")
        shell.register_quick_verb("toys", label="登记玩具", icon="gift", url_name="toys:list")
        shell.register_search(
            "toys", label="玩具", find="linli.capabilities.toys.queries.find_toys"
        )
        shell.register_record_verb(
            "toys.bring",
            record="places.place",
            label="带来玩具",
            icon="gift",
            href="linli.capabilities.toys.queries.bring_href",
        )
        shell.register_place_figure(
            "toys",
            label="玩具",
            count="linli.capabilities.toys.blocks.count",
            href="linli.capabilities.toys.blocks.listed",
        )
        register_record_block(
            "toys",
            label="places.place",
            template="toys/of_place.html",
            build="linli.capabilities.toys.blocks.of_place",
            tab="money",
        )
