"""The tree of places."""

from __future__ import annotations

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """The tree of places."""

    name = "linli.register.places"
    label = "places"
    verbose_name = "地方"

    def ready(self) -> None:
        """Put its facts into the dictionary."""
        from linli.register.places import fields

        fields.declare()
