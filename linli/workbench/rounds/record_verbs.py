"""Beginning the round of a door or a building from its own page."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from linli.core.scope import current_scope
from linli.register.places.models import Place

PAGES = {"dwelling": "rounds:door", "building": "rounds:building"}


def walk_href(_request: Any, place: Place) -> str:
    """Return where the round of this place begins."""
    if place.kind not in PAGES or place.ended_on or not current_scope().holds(place.path):
        return ""
    return reverse(PAGES[place.kind], args=[place.pk])
