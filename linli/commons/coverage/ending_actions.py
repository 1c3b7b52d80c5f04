"""Nobody is sent to a household or a door that is there no more."""

from __future__ import annotations

from django.db.models import QuerySet

from linli.commons.coverage.models import Coverage, CoverageRow
from linli.commons.coverage.rules import LONGEST_WORDS
from linli.commons.coverage.terms import ContactResult
from linli.core.actions import write_journal
from linli.core.endings import Ending
from linli.core.time import today


def settle_rows(rows: QuerySet[CoverageRow], ending: Ending) -> None:
    """Write down that they are gone, and why."""
    CoverageRow.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(
        result=ContactResult.MOVED,
        words=ending.reason[:LONGEST_WORDS],
        try_on=None,
        held_by=None,
        held_until=None,
    )


def close_coverages(rows: QuerySet[Coverage], ending: Ending) -> None:
    """Close the coverages of a place that is withdrawn: nobody lives there."""
    coverages = list(rows.select_related("place"))
    rows.update(closed_on=today())
    for coverage in coverages:
        text = f"{coverage.title}：{ending.reason}"
        write_journal("canvass.closed", about=coverage.place, text=text, by=ending.by)
