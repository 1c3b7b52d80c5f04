"""Advice beside the form: which place is meant, what is alike, which category is likely."""

from __future__ import annotations

from dataclasses import dataclass, field

from linli.capabilities.cases.models import Case
from linli.capabilities.cases.queries.reading import Suggested, similar_open, suggest
from linli.core.scope import current_scope
from linli.register.places.models import Place
from linli.register.places.queries import find_place, search_places

MOST_PLACES = 8
SHORTEST_TEXT = 4


@dataclass(frozen=True)
class Advice:
    """What the text and the place typed so far suggest."""

    places: list[Place] = field(default_factory=list)
    alike: list[tuple[Case, float]] = field(default_factory=list)
    suggested: Suggested = field(default_factory=Suggested)


def my_place() -> Place | None:
    """Return the place of the active post."""
    scope = current_scope()
    found: Place | None = Place.objects.filter(path__in=scope.paths).order_by("path").first()
    return found


def places_meant(where: str) -> list[Place]:
    """Return the places inside the scope that a text means: the one, or all it may be."""
    scope = current_scope()
    found = find_place(where) or search_places(where)
    inside = [place for place in found if scope.holds(place.path)]
    said = where.strip()
    exact = [place for place in inside if said in (str(place), place.name)]
    return (exact if len(exact) == 1 else inside)[:MOST_PLACES]


def advise(*, text: str, places: list[Place]) -> Advice:
    """Return the advice for a text at one of some places."""
    place = places[0] if len(places) == 1 else my_place()
    said = text.strip()
    if len(said) < SHORTEST_TEXT:
        return Advice(places)
    return Advice(places, similar_open(said, place) if place else [], suggest(said, place))
