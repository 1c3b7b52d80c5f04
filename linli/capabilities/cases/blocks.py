"""What cases show on the pages of places and people."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from linli.capabilities.cases.actions import may_take
from linli.capabilities.cases.queries import cases
from linli.capabilities.cases.queries.board import within
from linli.capabilities.cases.terms import OPEN_STATES
from linli.register.places.models import Place

MOST_SHOWN = 5


def open_matters(request: Any, record: Any) -> dict[str, Any] | None:
    """Return the open cases of a place, or those a person reported."""
    if not may_take.holds():
        return None
    unfinished = cases().filter(state__in=OPEN_STATES)
    list_href = ""
    if isinstance(record, Place):
        rows, list_href = within(unfinished, record), f"{reverse('cases:all')}?place={record.pk}"
    else:
        rows = unfinished.filter(reports__person=record).distinct()
    shown = list(rows.select_related("place").order_by("due_on", "pk")[:MOST_SHOWN])
    return {"cases": shown, "total": rows.count(), "list_href": list_href} if shown else None
