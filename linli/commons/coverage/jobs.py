"""What coverages do by themselves: whoever moves in while one runs is added."""

from __future__ import annotations

from linli.commons.coverage.actions import top_up
from linli.commons.coverage.models import Coverage
from linli.commons.coverage.queries import doors_to_reach, not_listed
from linli.core.scope import system_scope


def top_up_all() -> int:
    """Add new households to every open coverage; return how many."""
    with system_scope("whoever moved in is added to the coverage of their place"):
        running = Coverage.objects.filter(closed_on__isnull=True).select_related("place")
        # Nothing new is nothing done: it leaves no entry in the journal.
        return sum(
            top_up(coverage=coverage, by=None)
            for coverage in running
            if not_listed(coverage, doors_to_reach(coverage))
        )
