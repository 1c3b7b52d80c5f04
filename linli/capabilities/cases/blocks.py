"""What cases show on the pages of places and people."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from linli.capabilities.cases.actions import may_take
from linli.capabilities.cases.queries import cases
from linli.capabilities.cases.queries.board import within
from linli.capabilities.cases.queries.public import PUBLIC_KINDS
from linli.capabilities.cases.terms import OPEN_STATES
from linli.core.scope import current_scope
from linli.register.places.models import Place

MOST_SHOWN = 5


def open_matters(request: Any, record: Any) -> dict[str, Any] | None:
    """Return the open cases of a place, or those a person reported; and how to take one down."""
    if not may_take.holds():
        return None
    unfinished = cases().filter(state__in=OPEN_STATES)
    if isinstance(record, Place):
        rows = within(unfinished, record)
        person, place, list_href = "", record, f"{reverse('cases:all')}?place={record.pk}"
    else:
        rows = unfinished.filter(reports__person=record).distinct()
        person, place, list_href = f"&person={record.pk}", record.home, ""
    is_mine = current_scope().holds(place.path)
    shown = list(rows.select_related("place").order_by("due_on", "pk")[:MOST_SHOWN])
    return {
        "cases": shown,
        "total": rows.count() if len(shown) == MOST_SHOWN else len(shown),
        "list_href": list_href,
        "take_href": f"{reverse('cases:take')}?place={place.pk}{person}" if is_mine else "",
        "qr_href": (
            reverse("cases:qr", args=[place.pk])
            if is_mine and isinstance(record, Place) and record.kind in PUBLIC_KINDS
            else ""
        ),
    }
