"""Writing to those who live at a place, from its own page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from linli.core.scope import current_scope
from linli.register.places.models import Place


def tell_href(_request: Any, place: Place) -> str:
    """Return where a notice to the people of a place is written."""
    if place.ended_on or not current_scope().holds(place.path):
        return ""
    return f"{reverse('notices:write')}?{urlencode({'q': str(place)})}"
