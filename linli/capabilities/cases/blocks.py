"""What cases show on the pages of places and people."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from linli.capabilities.cases.actions import may_take
from linli.capabilities.cases.models import Report
from linli.capabilities.cases.queries import cases
from linli.capabilities.cases.queries.board import within
from linli.capabilities.cases.queries.public import PUBLIC_KINDS
from linli.capabilities.cases.queries.search import dangers_first
from linli.capabilities.cases.queries.standing import danger_of_case
from linli.capabilities.cases.terms import OPEN_STATES
from linli.core.scope import current_scope
from linli.register.places.models import Place

MOST_SHOWN = 5


def _brought_by(person: Any) -> Any:
    return Report.objects.filter(person=person).values("case_id")


def open_matters(request: Any, record: Any) -> dict[str, Any] | None:
    """Return the open cases of a place, or those a person reported; and how to take one down."""
    if not may_take.holds():
        return None
    unfinished = cases().filter(state__in=OPEN_STATES)
    if isinstance(record, Place):
        rows = within(unfinished, record)
        person, place, list_href = "", record, f"{reverse('cases:all')}?place={record.pk}"
    else:
        rows = unfinished.filter(pk__in=_brought_by(record))
        person, place, list_href = f"&person={record.pk}", record.home, ""
    is_mine = current_scope().holds(place.path)
    return {
        "cases": [
            (case, danger_of_case(case))
            for case in dangers_first(rows.select_related("place"))[:MOST_SHOWN]
        ],
        "total": rows.count(),
        "list_href": list_href,
        "take_href": f"{reverse('cases:take')}?place={place.pk}{person}" if is_mine else "",
        "qr_href": (
            reverse("cases:qr", args=[place.pk])
            if is_mine and isinstance(record, Place) and record.kind in PUBLIC_KINDS
            else ""
        ),
    }
