"""Conditions: which people, households, dwellings or buildings."""

from __future__ import annotations

from django.apps import AppConfig


class ConditionsConfig(AppConfig):
    """One way to say who, for lists, counts, reminders and notices."""

    name = "linli.workbench.conditions"
    label = "conditions"
    verbose_name = "条件"
