"""Forms of departments: for now only understood, from the command line."""

from __future__ import annotations

from django.apps import AppConfig


class FormsConfig(AppConfig):
    """Let the command be found; there are no pages and no tables yet."""

    name = "linli.capabilities.forms"
    label = "forms"
    verbose_name = "表格"
