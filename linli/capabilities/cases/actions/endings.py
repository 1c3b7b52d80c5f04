"""A case goes on when the organisation that handled it does not."""

from __future__ import annotations

from django.db.models import QuerySet

from linli.capabilities.cases.models import Handling
from linli.core.endings import Ending
from linli.workbench.tasks.actions import refuse_task
from linli.workbench.tasks.terms import UNFINISHED


def send_back(rows: QuerySet[Handling], ending: Ending) -> None:
    """Send the shares of a closed organisation back, so that somebody else is found."""
    for share in rows.select_related("task__place"):
        if share.task.state in UNFINISHED:
            refuse_task(task=share.task, by=ending.by, reason=ending.reason)
