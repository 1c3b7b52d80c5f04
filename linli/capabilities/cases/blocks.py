"""What cases show on 今日 and on the pages of places and people."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from linli.capabilities.cases.actions import may_take
from linli.capabilities.cases.models import Report
from linli.capabilities.cases.queries import cases, responsible_parties
from linli.capabilities.cases.queries.board import within
from linli.capabilities.cases.queries.case_status import danger_of_case, is_late
from linli.capabilities.cases.queries.search import dangers_first
from linli.capabilities.cases.terms import OPEN_STATES, CaseState
from linli.register.places.models import Place

MOST_SHOWN, STUCK_SHOWN = 5, 3


def waiting(_request: Any) -> dict[str, Any] | None:
    """Return how many cases wait for a hand-out, an answer, and with whom the late ones are."""
    counted = cases().aggregate(
        received=Count("pk", filter=Q(state=CaseState.RECEIVED)),
        handled=Count("pk", filter=Q(state=CaseState.HANDLED)),
    )
    stuck = responsible_parties.waiting(cases().filter(is_late()))
    if not any(counted.values()) and not stuck:
        return None
    return {**counted, "stuck": stuck[:STUCK_SHOWN], "more": len(stuck[STUCK_SHOWN:])}


def _brought_by(person: Any) -> Any:
    return Report.objects.filter(person=person).values("case_id")


def open_matters(request: Any, record: Any) -> dict[str, Any] | None:
    """Return the open cases of a place, or those a person reported."""
    if not may_take.holds():
        return None
    unfinished = cases().filter(state__in=OPEN_STATES)
    list_href = ""
    if isinstance(record, Place):
        rows, list_href = within(unfinished, record), f"{reverse('cases:all')}?place={record.pk}"
    else:
        rows = unfinished.filter(pk__in=_brought_by(record))
    shown = [
        (case, danger_of_case(case))
        for case in dangers_first(rows.select_related("place"))[:MOST_SHOWN]
    ]
    if not shown:
        return None
    total = rows.count() if len(shown) == MOST_SHOWN else len(shown)
    return {"cases": shown, "total": total, "list_href": list_href}
