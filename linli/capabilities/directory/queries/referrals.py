"""How referrals stand; who may see them, and what the outside professional is told."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from linli.capabilities.directory.models import Referral
from linli.capabilities.directory.rules import MAY_REFER
from linli.core.scope import current_scope, one_or_not_found
from linli.core.time import today
from linli.register.parties.queries import Number, number, station_of
from linli.register.people.models import Person
from linli.register.places.models import Place
from linli.register.posts.tokens import hash_of


def may_see_referrals() -> bool:
    """Does the active post see who was sent to whom? Those who give care do, others do not."""
    return current_scope().role in MAY_REFER | {"system"}


def referrals() -> QuerySet[Referral]:
    """Return the referrals of the scope; none for posts that do not give care."""
    rows: QuerySet[Referral] = Referral.objects.select_related(
        "person", "party", "place", "made_by"
    )
    return rows if may_see_referrals() else rows.none()


def referrals_of(person: Person) -> list[Referral]:
    """Return a resident's referrals, the latest first."""
    return list(referrals().filter(person=person).select_related(None).select_related("party"))


def referral_or_not_found(pk: int) -> Referral:
    """Return one referral of the scope."""
    referral: Referral = one_or_not_found(referrals(), pk=pk)
    return referral


def by_token(token: str) -> Referral | None:
    """Return the referral that a personal link opens, while the link is valid."""
    rows = Referral.objects.select_related("person", "person__home", "party", "place", "made_by")
    referral: Referral | None = rows.filter(
        token_hash=hash_of(token), link_ends_on__gte=today()
    ).first()
    return referral


@dataclass(frozen=True)
class SharedReferral:
    """What somebody outside is told: no more than the consent covers, and nothing once it ended."""

    name: str
    phone: str
    address: str
    matter: str


@dataclass(frozen=True)
class Referrer:
    """Who sent the resident and how to call back; the number is empty where none is known."""

    place: str
    worker: str
    call: Number | None


def referrer_of(referral: Referral) -> Referrer:
    """Return which community refers, through whom, and its number: nothing of the resident."""
    place: Place = referral.place
    above = Place.objects.filter(path__in=[*place.above, place.path])
    names = above.filter(kind__in=("subdistrict", "community")).order_by("path")
    station = station_of(place)
    phone = referral.call_back or (station.phone if station is not None else "")
    return Referrer(
        "".join(names.values_list("name", flat=True)),
        referral.made_by.name if referral.made_by is not None else "",
        number(phone) if phone else None,
    )


def told_outside(referral: Referral) -> SharedReferral | None:
    """Return what the holder of the link may read; None when it has ended."""
    # A withdrawn consent empties the link at once, whatever its last day.
    if not referral.is_open:
        return None
    person = referral.person
    return SharedReferral(
        name=person.name,
        phone=person.phone if referral.share_phone else "",
        address=str(person.home) if referral.share_address else "",
        matter=referral.matter,
    )
