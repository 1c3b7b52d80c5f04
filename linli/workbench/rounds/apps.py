"""The household round."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RoundsConfig(AppConfig):
    """One screen at a door, one save, next door."""

    name = "linli.workbench.rounds"
    label = "rounds"
    verbose_name = "走户"

    def ready(self) -> None:
        """Register the page and the parts every door has."""
        from linli.core.interface.registry import (
            register_home_block,
            register_page,
            register_record_block,
        )
        from linli.core.interface.shell import register_record_verb, register_stops
        from linli.register.posts.permits import role_in
        from linli.workbench.rounds import rules
        from linli.workbench.rounds.parts import register_door_part

        register_door_part(
            "people", part="linli.workbench.rounds.residents_part.PeoplePart", order=30
        )
        register_door_part(
            "tasks", part="linli.workbench.rounds.common_parts.OtherTasksPart", order=40
        )
        register_door_part("note", part="linli.workbench.rounds.common_parts.NotePart", order=90)
        register_page(
            "rounds.start",
            label=_("走户"),
            icon="stairs",
            url_name="rounds:start",
            group="affairs",
            tab="walk",
            note=_("一扇门一屏，一次记完"),
            may=role_in(rules.MAY_GO_ROUND).holds,
            order=30,
        )
        register_record_verb(
            "rounds.walk",
            record="places.place",
            label=_("走一遍"),
            icon="stairs",
            href="linli.workbench.rounds.record_verbs.walk_href",
            may=role_in(rules.MAY_GO_ROUND).holds,
            order=30,
        )
        register_stops(
            "rounds",
            label=_("走户"),
            build="linli.workbench.rounds.blocks.stops",
            may=role_in(rules.MAY_GO_ROUND).holds,
            order=10,
        )
        register_home_block(
            "rounds.next_door",
            template="rounds/next_door.html",
            build="linli.workbench.rounds.blocks.next_stop",
            slot="first",
            roles=rules.WALKS_ALL_DAY,
            order=10,
        )
        register_record_block(
            "rounds.seen",
            label="places.place",
            template="rounds/seen.html",
            build="linli.workbench.rounds.blocks.seen",
            order=4,
            tab="people",
        )
