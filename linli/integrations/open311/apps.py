"""Open311."""

from __future__ import annotations

from django.apps import AppConfig


class Open311Config(AppConfig):
    """Cases in the words of GeoReport v2, for the programs of others."""

    name = "linli.integrations.open311"
    label = "open311"
    verbose_name = "Open311接口"
