"""Reading organisations: who serves a place, and whom to call there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from linli.core.personal_data.phones import NotAPhone, read_phone
from linli.core.scope import current_scope, one_or_not_found
from linli.register.parties.models import Party, PartyContact
from linli.register.parties.rules import is_station, sees_number
from linli.register.places.models import Place
from linli.register.places.queries import below

MOST_WORDS = 6
SHORTEST_NUMBER = 4


def parties(*, also_closed: bool = False) -> QuerySet[Party]:
    """Return the organisations of the active scope and those above it that serve it too."""
    rows: QuerySet[Party] = Party.objects.select_related("place").prefetch_related("contacts")
    return rows if also_closed else rows.filter(closed_on__isnull=True)


def parties_found(asked: str) -> QuerySet[Party]:
    """Return the organisations that every word fits: name, kind, what it helps with, a contact.

    A contact's own number is sealed and finds nobody; that of the organisation is public.
    """
    rows = parties()
    for word in asked.split()[:MOST_WORDS]:
        fits = (
            Q(name__icontains=word)
            | Q(kind__contains=word)
            | Q(helps_with__contains=word)
            | Q(contact__contains=word)
            | Q(pk__in=PartyContact.objects.filter(name__contains=word).values("party_id"))
        )
        digits = re.sub(r"[ -]", "", word)
        if len(digits) >= SHORTEST_NUMBER and digits.isdecimal():
            fits |= Q(phone__contains=word) | Q(phone__contains=digits)
        rows = rows.filter(fits)
    return rows.order_by("name", "pk")


def parties_serving(place: Place) -> list[Party]:
    """Return who serves a place, the nearest first: those of the place itself and of any above."""
    rows = parties().filter(scope_path__in=[*place.above, place.path])
    return sorted(rows, key=lambda party: (-len(party.scope_path), party.name))


def parties_within(place: Place) -> list[Party]:
    """Return who serves only a part of a place."""
    rows = parties().filter(below(place.path)).exclude(scope_path=place.path)
    return sorted(rows, key=lambda party: (party.scope_path, party.name))


def party_or_not_found(pk: int) -> Party:
    """Return one organisation that this post may know of."""
    party: Party = one_or_not_found(parties(also_closed=True), pk=pk)
    return party


def contact_or_not_found(party: Party, pk: int) -> PartyContact:
    """Return one contact of an organisation."""
    party_contact: PartyContact = one_or_not_found(
        PartyContact.objects.select_related("party", "party__place"), pk=pk, party=party
    )
    return party_contact


def station_of(place: Place) -> Party | None:
    """Return the office that answers for a place by telephone: the nearest one with a number."""
    return station_among(parties_serving(place))


def station_among(serving: Sequence[Party]) -> Party | None:
    """Return the office among those that serve a place, the nearest first."""
    return next(
        (
            party
            for party in serving
            if party.phone and is_station(name=party.name, kind=party.kind)
        ),
        None,
    )


def is_ours(party: Party) -> bool:
    """Does the organisation stand in the active scope, so that it may be changed here?"""
    return current_scope().holds(party.scope_path)


@dataclass(frozen=True)
class Number:
    """A number to call: shown, and dialled; both empty when this post may not see it."""

    shown: str
    dialled: str
    is_hidden: bool = False


def number_of(contact: PartyContact) -> Number:
    """Return a contact's number as the active post may see it."""
    if not sees_number(role=current_scope().role, is_personal=contact.is_personal):
        return Number("", "", is_hidden=bool(contact.phone))
    return number(contact.phone)


def number(text: str) -> Number:
    """Return a number as it is shown and as a telephone dials it."""
    read = read_phone(text)
    if isinstance(read, NotAPhone):
        return Number(text, "")
    return Number(read.display, read.normal)
