"""What other programs may be told of a case: kind, state, dates and a place; never its words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from linli.capabilities.cases import rules
from linli.capabilities.cases.models import Case
from linli.core.paths import ancestors
from linli.core.time import CHINA
from linli.register.places.models import Place


def named_places(rows: Iterable[Case]) -> dict[int, Place]:
    """Return for each case the nearest place that everybody may be told."""
    # One query for all cases of a page, instead of one climb for each.
    lines = {case.pk: [case.place.path, *reversed(ancestors(case.place.path))] for case in rows}
    paths = {path for line in lines.values() for path in line}
    places = {place.path: place for place in Place.objects.filter(path__in=paths)}
    named = {}
    for case in rows:
        kinds = rules.kinds_shown(kind=case.place.kind)
        for path in lines[case.pk]:
            if path in places and places[path].kind in kinds:
                named[case.pk] = places[path]
                break
    return named


def facts_for_programs(case: Case) -> dict[str, Any]:
    """Return what programs are told of a case: no text, no title, no person, no home."""
    place = named_places([case]).get(case.pk)
    return {
        "service_request_id": case.number,
        "status": rules.status_of(state=case.state),
        "state": case.state,
        "outcome": case.outcome,
        "service_code": case.category.code if case.category else "",
        "service_name": case.category.name if case.category else "",
        "channel": case.channel,
        "address": str(place) if place else "",
        "requested_datetime": _in_china(case.received_at),
        "expected_date": case.due_on.isoformat() if case.due_on else None,
        "closed_datetime": _in_china(case.closed_at),
        "reopened_times": case.reopened_times,
    }


def _in_china(moment: datetime | None) -> str | None:
    return timezone.localtime(moment, CHINA).isoformat(timespec="seconds") if moment else None
