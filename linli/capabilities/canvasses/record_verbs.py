"""Beginning a canvass of a place from its own page."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from linli.core.scope import current_scope
from linli.register.places.models import Place

KINDS = ("subdistrict", "community", "estate", "grid", "micro_grid", "building")


def canvass_href(_request: Any, place: Place) -> str:
    """Return where a canvass of every household of a place begins."""
    if place.kind not in KINDS or place.ended_on or not current_scope().holds(place.path):
        return ""
    return f"{reverse('canvasses:start')}?place={place.pk}"
