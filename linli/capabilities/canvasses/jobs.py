"""What canvasses do by themselves: whoever moves in while one runs is added."""

from __future__ import annotations

from linli.capabilities.canvasses.actions import top_up
from linli.capabilities.canvasses.models import Canvass
from linli.capabilities.canvasses.queries import doors_to_canvass, not_listed
from linli.core.scope import system_scope


def top_up_all() -> int:
    """Add new households to every open canvass; return how many."""
    with system_scope("whoever moved in is added to the canvass of their place"):
        running = Canvass.objects.filter(closed_on__isnull=True).select_related("place")
        # Nothing new is nothing done: it leaves no entry in the journal.
        return sum(
            top_up(canvass=canvass, by=None)
            for canvass in running
            if not_listed(canvass, doors_to_canvass(canvass))
        )
