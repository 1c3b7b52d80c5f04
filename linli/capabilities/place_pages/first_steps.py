"""The first week's step about estates: where it is done, and is it?"""

from __future__ import annotations

from django.urls import reverse

from linli.core.scope import Scope
from linli.register.places.models import Place
from linli.register.places.terms import PlaceKind


def where_estates_are_added(scope: Scope) -> str:
    """Return the form of the one community of whoever asks, or the list of communities."""
    mine = Place.objects.filter(path__in=scope.paths, kind=PlaceKind.COMMUNITY)[:2]
    if len(mine) != 1:
        return reverse("place_pages:places")
    return reverse("place_pages:add", args=[mine[0].pk])


def has_estates(_scope: Scope) -> bool:
    """Is there an estate, in what may be seen?"""
    return Place.objects.filter(kind=PlaceKind.ESTATE).exists()
