"""From a role, a place and a day as people write them to what they are; nothing is guessed."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from linli.core.errors import Refused
from linli.core.time import NotADate, parse_date
from linli.register.places.models import Place
from linli.register.places.queries import find_place, places_found, places_in_scope
from linli.register.posts.terms import Role

MOST_NAMED = 8


def role_named(text: str) -> str:
    """Return the role of a Chinese or English name."""
    for role in Role:
        if text.strip() in (role.value, str(role.label)):
            return str(role.value)
    known = "、".join(str(role.label) for role in Role)
    words = {"text": text.strip()}
    raise Refused("post.role", _("没有“%(text)s”这种岗位") % words, "role", _("有：") + known)


def place_named(text: str) -> Place:
    """Return the one place of the scope with this code or name, or refuse with those it may be."""
    text = text.strip()
    by_code = list(places_in_scope().filter(code=text)[:2]) if text else []
    if len(by_code) == 1:
        return by_code[0]
    found = places_found(text)
    exact = [place for place in found.places if text in (place.name, place.address, str(place))]
    meant = {place.pk for place in find_place(text)}
    exact = exact or [place for place in found.places if place.pk in meant]
    if len(exact) == 1:
        return exact[0]
    if not found.places:
        raise Refused("place.unknown", _("您的范围内没有“%(text)s”") % {"text": text}, "place")
    number = len(found.places) + found.more
    words = {"text": text, "n": number, "some": _listed(found.places)}
    sentence = _("“%(text)s”可能是%(n)s处：%(some)s") % words
    raise Refused("place.several", sentence, "place", _("请写全名或区划代码"))


def _listed(places: list[Place]) -> str:
    some = "、".join(
        f"{one}（{one.code}）" if one.code else str(one) for one in places[:MOST_NAMED]
    )
    return some + ("……" if len(places) > MOST_NAMED else "")


def day_named(text: str) -> date:
    """Return the day somebody wrote."""
    read = parse_date(text)
    if isinstance(read, NotADate):
        raise Refused("post.day", read.sentence, "from_date")
    return read.value
