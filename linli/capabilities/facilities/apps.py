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
        _join_the_shell()
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


def _join_the_shell() -> None:
    """Let facilities be found, inspected, and their maintainer be called."""
    from linli.core.interface.shell import register_record_verb, register_search
    from linli.register.facilities.rules import MAY_DO
    from linli.register.posts.permits import role_in
    from linli.register.posts.rules import READS_REGISTER

    register_search(
        "facilities.list",
        label=_("设施"),
        find="linli.capabilities.facilities.search_source.find_facilities",
        may=role_in(READS_REGISTER).holds,
        order=40,
    )
    register_record_verb(
        "facilities.inspect",
        record="facilities.facility",
        label=_("记检验"),
        icon="checklist",
        href="linli.capabilities.facilities.record_verbs.inspect_href",
        may=role_in(MAY_DO).holds,
        order=10,
    )
    register_record_verb(
        "facilities.maintainer",
        record="facilities.facility",
        label=_("打维保"),
        icon="phone",
        href="linli.capabilities.facilities.record_verbs.maintainer_href",
        may=role_in(READS_REGISTER).holds,
        order=30,
    )
