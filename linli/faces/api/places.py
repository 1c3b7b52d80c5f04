"""The tree of places: children of one, search, one with what is known of it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Path, Query, Router, Schema
from pydantic import Field

from linli.core.interface.api_schemas import LARGEST_ID, Paging, answers
from linli.core.scope import current_scope, one_or_not_found
from linli.core.time import today
from linli.register.places.models import Place
from linli.register.places.terms import PlaceKind
from linli.register.posts.rules import Access
from linli.workbench.conditions.access import access_to
from linli.workbench.conditions.listing.lines import ListColumns
from linli.workbench.conditions.own_fields import dictionary
from linli.workbench.conditions.schemas import CellOut, json_value

router = Router()
Key = Annotated[int, Field(ge=1, le=LARGEST_ID)]


class PlaceOut(Schema):
    """A place of the tree."""

    id: int
    kind: PlaceKind
    name: str
    address: str
    code: str
    path: str
    parent_id: int | None
    ended_on: date | None
    confirmed_on: date | None


class PlacesOut(Schema):
    """One page of places."""

    total: int
    offset: int
    places: list[PlaceOut]


class PlaceFactOut(CellOut):
    """What is known of a building or a dwelling."""

    key: str
    label: str


class OnePlaceOut(PlaceOut):
    """A place, the places above it from the outside in, and what is known of it."""

    above: list[PlaceOut]
    facts: list[PlaceFactOut]


class PlacesQuery(Paging):
    """Which places: below one, of a kind, whose name or address holds some words."""

    parent: Key | None = None
    kind: PlaceKind | None = None
    search: str = Field("", max_length=80)
    also_ended: bool = False


@router.get("", response=answers(PlacesOut), url_name="places")
def places(request: HttpRequest, asked: Query[PlacesQuery]) -> PlacesOut:
    """List places: without ``parent`` or ``search``, those where this post begins."""
    matching = _found(asked)
    page = matching.order_by("path")[asked.offset : asked.offset + asked.limit]
    return PlacesOut(
        total=matching.count(), offset=asked.offset, places=[_out(place) for place in page]
    )


def _found(asked: PlacesQuery) -> QuerySet[Place]:
    rows: QuerySet[Place] = Place.objects.all()
    if asked.parent is not None:
        rows = rows.filter(parent=one_or_not_found(Place.objects.all(), pk=asked.parent))
    elif not asked.search.strip() and asked.kind is None:
        rows = rows.filter(path__in=current_scope().paths)
    for word in asked.search.split()[:6]:
        rows = rows.filter(search_text__finds=word)
    if asked.kind is not None:
        rows = rows.filter(kind=asked.kind)
    return rows if asked.also_ended else rows.filter(ended_on__isnull=True)


@router.get("/{place_id}", response=answers(OnePlaceOut), url_name="place")
def place(request: HttpRequest, place_id: Annotated[Key, Path()]) -> OnePlaceOut:
    """Return one place; out of scope looks like missing."""
    wanted: Place = one_or_not_found(Place.objects.all(), pk=place_id)
    above = Place.objects.filter(path__in=wanted.above).order_by("path")
    return OnePlaceOut(
        **_out(wanted).dict(), above=[_out(upper) for upper in above], facts=_facts(wanted)
    )


def _out(shown: Place) -> PlaceOut:
    return PlaceOut(
        id=shown.pk,
        kind=PlaceKind(shown.kind),
        name=shown.name,
        address=shown.address,
        code=shown.code,
        path=shown.path,
        parent_id=shown.parent_id,
        ended_on=shown.ended_on,
        confirmed_on=shown.confirmed_on,
    )


def _facts(shown: Place) -> list[PlaceFactOut]:
    """Return the facts of a building or dwelling, seen as a list would show them."""
    if shown.kind not in (PlaceKind.BUILDING, PlaceKind.DWELLING):
        return []
    words, role = dictionary(), current_scope().role
    fields = [
        field
        for field in words.fields_of(shown.kind)
        if access_to(field, role) is not Access.HIDDEN
    ]
    lines = ListColumns(shown.kind, fields, words, role, today()).lines([shown.pk])
    cells: Any = lines[0].cells if lines else ()
    return [
        PlaceFactOut(
            key=fact.key,
            label=_(fact.label),
            text=cell.text,
            value=json_value(cell.value),
            masked=cell.masked,
        )
        for fact, cell in zip(fields, cells, strict=False)
        if cell.text
    ]
