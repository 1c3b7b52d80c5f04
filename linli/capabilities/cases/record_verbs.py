"""Taking a case down from the page of whom or what it is about, the form filled in."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from linli.capabilities.cases.queries.public import PUBLIC_KINDS
from linli.core.scope import current_scope
from linli.register.facilities.models import Facility
from linli.register.people.models import Person
from linli.register.places.models import Place


def report_at(_request: Any, place: Place) -> str:
    """Return where a case at a place is taken down."""
    return _take(place, {})


def report_for(_request: Any, person: Person) -> str:
    """Return where a case that somebody reports is taken down, at their home."""
    return _take(person.home, {"person": person.pk})


def repair_of(_request: Any, facility: Facility) -> str:
    """Return where it is taken down that a facility does not work."""
    if facility.ended_on is not None:
        return ""
    return _take(facility.place, {"facility": facility.pk})


def code_of(_request: Any, place: Place) -> str:
    """Return the sheet to print for a door of a house: whoever scans it reports for that house."""
    if not _is_mine(place) or place.kind not in PUBLIC_KINDS:
        return ""
    return reverse("cases:qr", args=[place.pk])


def _take(place: Place | None, more: dict[str, int]) -> str:
    if place is None or not _is_mine(place):
        return ""
    return f"{reverse('cases:take')}?{urlencode({'place': place.pk, **more})}"


def _is_mine(place: Place) -> bool:
    return place.ended_on is None and current_scope().holds(place.path)
