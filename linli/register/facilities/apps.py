"""Things with dates and duties."""

from __future__ import annotations

from django.apps import AppConfig


class FacilitiesConfig(AppConfig):
    """Things with dates and duties."""

    name = "linli.register.facilities"
    label = "facilities"
    verbose_name = "设施"

    def ready(self) -> None:
        """Put its facts into the dictionary."""
        from linli.register.facilities import fields

        fields.declare()
