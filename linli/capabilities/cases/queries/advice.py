"""Advice beside the form: which place is meant, what is alike, which category is likely."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from django.db.models import Count, Max, QuerySet

from linli.capabilities.cases.models import Case, Category
from linli.capabilities.cases.queries.suggestions import (
    TextSuggestion,
    likely_categories,
    similar_open,
    suggest,
)
from linli.core.scope import current_scope, path_q
from linli.register.places.models import Place
from linli.register.places.queries import FoundPlaces, find_place, places_found
from linli.workbench.text_analysis.gazetteer import Gazetteer

MOST_NAMED = 3
SHORTEST_TEXT = 4
MOST_SEARCHED = 400  # characters of a text


@dataclass(frozen=True)
class SuggestedPlace:
    """A place the text may speak of, and how sure that is in percent."""

    place: Place
    percent: int


@dataclass(frozen=True)
class Advice:
    """What the text and the place typed so far suggest.

    ``places`` are meant by the place that was typed, ``named`` by the text where none was.
    """

    places: list[Place] = field(default_factory=list)
    more: int = 0
    alike: list[tuple[Case, float]] = field(default_factory=list)
    suggested: TextSuggestion = field(default_factory=TextSuggestion)
    named: list[SuggestedPlace] = field(default_factory=list)
    place_unsure: bool = False
    likely: list[tuple[Category, int]] = field(default_factory=list)


def my_place() -> Place | None:
    """Return the place of the active post."""
    scope = current_scope()
    place: Place | None = Place.objects.filter(path__in=scope.paths).order_by("path").first()
    return place


def places_meant(where: str) -> FoundPlaces:
    """Return the places inside the scope that a text means: the one, or all it may be."""
    scope = current_scope()
    # The strict reading first; the search also finds pieces of names.
    strict = [place for place in find_place(where) if scope.holds(place.path)]
    found = FoundPlaces(strict) if strict else places_found(where)
    typed = where.strip()
    exact = [place for place in found.places if typed in (str(place), place.name)]
    return FoundPlaces(exact) if len(exact) == 1 else found


def places_named(text: str) -> list[SuggestedPlace]:
    """Return the places of the scope that a text may speak of, the surest first."""
    matches = gazetteer().find(text[:MOST_SEARCHED])[:MOST_NAMED]
    places = Place.objects.in_bulk([one.id for one in matches])
    return [
        SuggestedPlace(places[one.id], round(one.confidence * 100))
        for one in matches
        if one.id in places
    ]


def gazetteer() -> Gazetteer:
    """Return the index of the places of the scope, kept until one of them changes.

    Homes are left out: whoever writes about a home finds their building.
    """
    scope = current_scope()
    # Count and last change together: an ended place changes the first, a renamed one the second.
    mark = _common_places().aggregate(n=Count("pk"), at=Max("changed_at"))
    # The scope is part of the key: one post's index must not answer another.
    return _gazetteer(tuple(scope.paths), scope.everything, tuple(mark.values()))


@lru_cache(maxsize=16)
def _gazetteer(_paths: tuple[str, ...], _everything: bool, _mark: tuple[object, ...]) -> Gazetteer:
    rows = _common_places().values_list("pk", "kind", "name", "parent_id", "address")
    return Gazetteer(rows.iterator())


def _common_places() -> QuerySet[Place]:
    rows: QuerySet[Place] = Place.objects.filter(path_q(current_scope()), ended_on__isnull=True)
    return rows.exclude(kind="dwelling")


def advise(*, text: str, places: list[Place], more: int = 0) -> Advice:
    """Return the advice for a text at one of some places, or where the text says it is."""
    words = text.strip()
    if len(words) < SHORTEST_TEXT:
        return Advice(places, more)
    named = [] if places else places_named(words)
    place = places[0] if len(places) == 1 else named[0].place if named else my_place()
    suggested = suggest(words, place)
    if named:
        # The post hangs on the place too, and the place was only guessed from the words.
        suggested = suggested.at(named[0].percent)
    alike = similar_open(words, place) if place else []
    unsure = not places and not named
    likely = likely_categories(words)
    return Advice(places, more, alike, suggested, named, place_unsure=unsure, likely=likely)
