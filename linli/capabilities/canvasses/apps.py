"""Canvasses."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CanvassesConfig(AppConfig):
    """Nobody missed, nobody asked twice."""

    name = "linli.capabilities.canvasses"
    label = "canvasses"
    verbose_name = "走访排查"

    def ready(self) -> None:
        """Register the page and the record."""
        from linli.commons.coverage import rules
        from linli.core.interface.registry import (
            register_answer_use,
            register_page,
            register_record,
            register_record_block,
        )
        from linli.core.interface.shell import register_stops
        from linli.register.posts.permits import role_in
        from linli.workbench.read_budget.exempt_records import register_part

        register_answer_use(
            "canvasses.start",
            label=_("挨户走访"),
            icon="door-enter",
            url_name="canvasses:start",
            subjects=("person",),
            may=role_in(rules.MAY_START).holds,
            order=20,
        )
        register_record(
            "coverage.coverage",
            url_name="canvasses:canvass",
            find="linli.commons.coverage.queries.coverage_or_not_found",
            may=role_in(rules.MAY_CANVASS).holds,
        )
        for label in ("people.person", "people.household", "places.place"):
            register_record_block(
                f"canvasses.of_door.{label}",
                label=label,
                template="canvasses/of_door.html",
                build="linli.capabilities.canvasses.blocks.of_door",
                order=32,
                tab="people",
            )
        register_stops(
            "canvasses",
            label=_("走访排查"),
            build="linli.capabilities.canvasses.blocks.stops",
            may=role_in(rules.MAY_CANVASS).holds,
            order=30,
        )
        register_part("coverage.coverage", "linli.commons.coverage.queries.meant_by")
        _join_the_shell()
        register_page(
            "canvasses.list",
            label=_("走访排查"),
            icon="door-enter",
            url_name="canvasses:list",
            group="affairs",
            tab="walk",
            note=_("一户不漏，也不问两遍"),
            may=role_in(rules.MAY_CANVASS).holds,
            order=32,
        )


def _join_the_shell() -> None:
    """Let canvasses be found, and one be opened from the page of a place."""
    from linli.commons.coverage import rules
    from linli.core.interface.shell import register_record_verb, register_search
    from linli.register.posts.permits import role_in

    register_search(
        "canvasses.list",
        label=_("走访排查"),
        find="linli.capabilities.canvasses.search_source.find_canvasses",
        may=role_in(rules.MAY_CANVASS).holds,
        order=80,
    )
    register_record_verb(
        "canvasses.start",
        record="places.place",
        label=_("挨户走访"),
        icon="door-enter",
        href="linli.capabilities.canvasses.record_verbs.canvass_href",
        may=role_in(rules.MAY_START).holds,
        order=35,
    )
