"""Fusing: a department's list laid against the register, nothing overwritten silently."""

from __future__ import annotations

from django.apps import AppConfig


class FusingConfig(AppConfig):
    """A list of people is matched, decided and taken over fact by fact."""

    name = "linli.capabilities.fusing"
    label = "fusing"
    verbose_name = "名单合并"
