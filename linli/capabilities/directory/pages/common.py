"""Which place the pages of the directory are asked about."""

from __future__ import annotations

from django.http import HttpRequest

from linli.core.scope import current_scope
from linli.register.places.models import Place
from linli.register.places.queries import line_above, place_or_not_found


def place_asked(request: HttpRequest, otherwise: Place) -> Place:
    """Return the place in the address, one of the scope or above it; else ``otherwise``."""
    key = request.GET.get("place", "")
    if not key.isdigit() or len(key) > 12:
        return otherwise
    # Places above are out of the scope, but who serves there serves here too.
    if int(key) in {place.pk for place in line_above(otherwise)}:
        return next(place for place in line_above(otherwise) if place.pk == int(key))
    return place_or_not_found(int(key))


def is_mine(place: Place) -> bool:
    """Does a place lie in the active scope?"""
    return current_scope().holds(place.path)
