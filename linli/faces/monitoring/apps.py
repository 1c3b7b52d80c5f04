"""Whether the installation is well: told to programs that watch, and to whom it must not escape."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from linli.core.interface.registry import register_home_block


class MonitoringConfig(AppConfig):
    """The doors for programs are a middleware; officers see on 今日 what is wrong."""

    name = "linli.faces.monitoring"
    label = "monitoring"
    verbose_name = _("运行情况")

    def ready(self) -> None:
        """Register what officers see while something is wrong."""
        register_home_block(
            "machine",
            template="monitoring/machine.html",
            build="linli.faces.monitoring.blocks.needs_somebody",
            slot="notice",
            roles=frozenset({"subdistrict_officer"}),
            order=0,
        )
