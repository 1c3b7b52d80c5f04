"""A report from a program becomes a case: its place is found, and it is taken in like any other."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linli.capabilities.cases.actions import RegisteredReport, Reporter, take_case
from linli.capabilities.cases.models import Category
from linli.capabilities.cases.rules import COMMON_PLACES, HOMES, NEIGHBOURHOODS
from linli.capabilities.cases.terms import CaseChannel, WantsAnswer
from linli.core.paths import ancestors
from linli.core.scope import Scope
from linli.integrations.open311.georeport_types import declined
from linli.integrations.open311.parameters import NewReport
from linli.register.places.models import Place
from linli.register.places.queries import below, find_place, places_in_scope, roots
from linli.register.posts.models import User

MOST_NAMED = 5


def report_case(
    told: NewReport, *, category: Category, area: Place | None, scope: Scope | None, client_id: str
) -> RegisteredReport:
    """Take in what was reported; ``scope`` is that of the key, None is somebody without one."""
    place = place_of(told, area, has_key=scope is not None)
    by = User.objects.filter(pk=scope.user_id).first() if scope and scope.user_id else None
    reporter = Reporter(
        name=told.name,
        phone=told.phone,
        wants_answer=told.attributes.get("ANSWER") or str(WantsAnswer.PAGE),
    )
    has_position = told.latitude is not None and told.longitude is not None
    return take_case(
        text=_text(told, category),
        place=place,
        by=by,
        channel=CaseChannel.OPEN311,
        spot=told.attributes.get("SPOT") or _said_beside(told, place),
        category=category,
        reporter=reporter,
        client_id=_mark(client_id, scope),
        position=(told.latitude or 0.0, told.longitude or 0.0) if has_position else None,
    )


def _text(reported: NewReport, category: Category) -> str:
    text = reported.description or category.name
    return f"{text}\n{_('图片链接：')}{reported.media_url}" if reported.media_url else text


def _said_beside(reported: NewReport, place: Place) -> str:
    """Keep the words of an address when the place found is wider than they say."""
    return "" if reported.address in ("", place.address, place.name) else reported.address


def _mark(client_id: str, scope: Scope | None) -> str:
    """Return the mark by which the same report sent twice is known; each key has its own."""
    if not client_id:
        return ""
    # Each key has marks of its own: who guesses another's mark must not be given its word.
    holder = f"{scope.user_id}:{scope.purpose}" if scope else "public"
    return "o311-" + hashlib.sha256(f"{holder}\n{client_id}".encode()).hexdigest()[:48]


def place_of(told: NewReport, area: Place | None, *, has_key: bool) -> Place:
    """Find where it is, or decline in words; a position alone means the whole area."""
    if told.address_id:
        return _public(_by_id(told.address_id, area), has_key)
    if told.address:
        return _public(_by_words(told.address, area), has_key)
    if area is not None:
        return area
    widest = roots()
    if not widest:
        raise declined(400, _("没有可用的地点"))
    return widest[0]


def _by_id(address_id: str, area: Place | None) -> Place:
    rows = _within(area)
    digits = address_id if address_id.isascii() and address_id.isdigit() else ""
    fits = Q(code=digits) & ~Q(code="")
    if digits and len(digits) <= 18:
        fits |= Q(pk=int(digits))
    place = rows.filter(fits).order_by("path").first() if digits else None
    if place is None:
        raise declined(400, _("没有地点“%(id)s”") % {"id": address_id[:60]})
    return place


def _by_words(address: str, area: Place | None) -> Place:
    named = _within(area).filter(Q(address=address) | Q(name=address))
    places = list(named.exclude(kind__in=("dwelling", "grid")).order_by("path")[:MOST_NAMED])
    places = places or find_place(address, area)
    if not places:
        sentence = _("找不到地点“%(address)s”，请写到楼栋，例如“东方丽都3幢”")
        raise declined(400, sentence % {"address": address[:60]})
    if len(places) > 1:
        raise declined(400, _several(address, places))
    return places[0]


def _several(address: str, places: Sequence[Place]) -> str:
    names = "、".join(str(place) for place in places[:MOST_NAMED] if place.kind not in HOMES)
    words = {"address": address[:60], "names": names}
    return _("“%(address)s”可能是几个地方，请写得更全。%(names)s") % words


def _within(area: Place | None) -> QuerySet[Place]:
    rows = places_in_scope()
    return rows.filter(below(area.path)) if area is not None else rows


def _public(place: Place, has_key: bool) -> Place:
    """Without a key nobody learns which homes there are: the report goes to the building."""
    kinds = (*COMMON_PLACES, *NEIGHBOURHOODS)
    if has_key or place.kind in kinds:
        return place
    above = Place.objects.filter(path__in=ancestors(place.path), kind__in=kinds)
    return above.order_by("-path").first() or place
