"""The API face."""

from __future__ import annotations

from django.apps import AppConfig

from linli.core.interface.registry import register_router


class ApiConfig(AppConfig):
    """Put its own endpoints beside those of the capabilities."""

    name = "linli.faces.api"
    label = "api"
    verbose_name = "接口"

    def ready(self) -> None:
        """Register places, fields and conditions."""
        register_router("/places", router="linli.faces.api.places.router")
        register_router("/fields", router="linli.faces.api.fields.router")
        register_router("/conditions", router="linli.faces.api.conditions.router")
