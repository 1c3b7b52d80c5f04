"""The place tree on pages: overview, elevation, adding, moving."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OverviewConfig(AppConfig):
    """Put the tree into the menu and say where the page of a place is."""

    name = "linli.capabilities.place_pages"
    label = "place_pages"
    verbose_name = "地方"

    def ready(self) -> None:
        """Register the pages."""
        from linli.core.interface.first_week import register_first_step
        from linli.core.interface.registry import (
            register_home_block,
            register_page,
            register_record,
        )
        from linli.register.posts.rules import READS_REGISTER

        register_home_block(
            "place_pages.doors",
            template="place_pages/doors.html",
            build="linli.capabilities.place_pages.blocks.doors",
            slot="first",
            roles=frozenset({"micro_grid_lead"}),
            order=10,
        )
        register_page(
            "place_pages.places",
            label=_("地方"),
            icon="building-community",
            url_name="place_pages:places",
            group="register",
            note=_("社区、网格、楼栋、户室"),
            may=lambda scope: scope.role in READS_REGISTER,
            order=5,
        )
        register_first_step(
            "place_pages.communities",
            label=_("看社区名单对不对"),
            why=_("社区按全国区划建好了，改过名、新设的先在这里改"),
            roles=frozenset({"subdistrict_officer"}),
            url_name="place_pages:places",
            order=10,
        )
        register_first_step(
            "place_pages.estates",
            label=_("添加小区"),
            why=_("在社区的页面上添加；表格里的小区名要先在底册里，楼栋才有地方放"),
            roles=frozenset({"subdistrict_officer", "secretary"}),
            href="linli.capabilities.place_pages.first_steps.where_estates_are_added",
            is_done="linli.capabilities.place_pages.first_steps.has_estates",
            order=25,
        )
        register_record("places.place", url_name="place_pages:place")
        _join_the_shell()


def _join_the_shell() -> None:
    """Let places and doors be found."""
    from linli.core.interface.shell import register_search
    from linli.register.posts.permits import role_in
    from linli.register.posts.rules import READS_REGISTER

    register_search(
        "place_pages.places",
        label=_("地方"),
        find="linli.capabilities.place_pages.search_source.find_places",
        may=role_in(READS_REGISTER).holds,
        order=20,
    )
