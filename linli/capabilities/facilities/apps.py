"""Facilities: pages, lists in, codes to scan."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FacilityPagesConfig(AppConfig):
    """The pages of things with dates and duties."""

    name = "linli.capabilities.facilities"
    label = "facility_pages"
    verbose_name = "设施页面"

    def ready(self) -> None:
        """Register the page and where a facility is shown."""
        from linli.core.interface.registry import (
            register_home_block,
            register_page,
            register_record,
            register_record_block,
        )
        from linli.register.posts.rules import READS_REGISTER

        register_record("facilities.facility", url_name="facilities:facility")
        register_record_block(
            "facilities.of_place",
            label="places.place",
            template="facilities/of_place.html",
            build="linli.capabilities.facilities.blocks.of_place",
            tab="things",
            order=65,
        )
        register_home_block(
            "facilities.dates",
            template="facilities/dates.html",
            build="linli.capabilities.facilities.blocks.dates",
            roles=frozenset({"property_manager"}),
            order=10,
        )
        register_page(
            "facilities.list",
            label=_("设施"),
            icon="elevator",
            url_name="facilities:list",
            group="register",
            note=_("电梯、消防、充电桩、物资，各有各的日子"),
            may=lambda scope: scope.role in READS_REGISTER,
            order=40,
        )
