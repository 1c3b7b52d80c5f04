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

        register_page("toys", label="玩具", icon="gift", url_name="toys:list", group="register")
