"""Nobody is sent to a household or a door that is there no more."""

from __future__ import annotations

from django.db.models import QuerySet

from linli.commons.coverage.models import Coverage, CoverageRow
from linli.commons.coverage.rules import LONGEST_WORDS
from linli.commons.coverage.terms import MOVED_TASK, ContactResult
from linli.core.actions import write_journal
from linli.core.endings import Ending
from linli.core.time import today
from linli.workbench.tasks.actions import cancel_task
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.terms import UNFINISHED


def settle_rows(rows: QuerySet[CoverageRow], ending: Ending) -> None:
    """Write down that they are gone, and why; whether they have moved is asked no more."""
    _end_move_tasks(rows.filter(result=ContactResult.MOVED), ending)
    waiting = rows.filter(coverage__closed_on__isnull=True).exclude(result=ContactResult.MOVED)
    CoverageRow.objects.filter(pk__in=list(waiting.values_list("pk", flat=True))).update(
        result=ContactResult.MOVED,
        words=ending.reason[:LONGEST_WORDS],
        try_on=None,
        held_by=None,
        held_until=None,
    )


def _end_move_tasks(rows: QuerySet[CoverageRow], ending: Ending) -> None:
    tasks = Task.objects.filter(
        kind=MOVED_TASK, subject_id__in=rows.values("pk"), state__in=UNFINISHED
    )
    waiting = list(tasks.select_related("place", "person"))
    ending.remember(waiting, Task._meta.label)
    for task in waiting:
        cancel_task(task=task, by=ending.by, reason=ending.reason)


def close_coverages(rows: QuerySet[Coverage], ending: Ending) -> None:
    """Close the coverages of a place that is withdrawn: nobody lives there."""
    coverages = list(rows.select_related("place"))
    rows.update(closed_on=today())
    for coverage in coverages:
        text = f"{coverage.title}：{ending.reason}"
        write_journal("canvass.closed", about=coverage.place, text=text, by=ending.by)
