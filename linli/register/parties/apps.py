"""Organisations and whom to call."""

from __future__ import annotations

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """Organisations and whom to call."""

    name = "linli.register.parties"
    label = "parties"
    verbose_name = "单位"
