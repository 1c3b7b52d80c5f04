"""People, households and where they live."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People, households and where they live."""

    name = "linli.register.people"
    label = "people"
    verbose_name = "人与户"

    def ready(self) -> None:
        """Put its facts into the dictionary."""
        from linli.register.people import fields

        fields.declare()
