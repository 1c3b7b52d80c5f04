"""The place a command line names: what its cases or categories belong to."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.core.errors import Refused
from linli.core.scope import current_scope
from linli.register.places.models import Place
from linli.register.places.queries import find_place


def place_named(asked: str) -> Place:
    """Return the place that is meant: a path, a name, or the place of the post."""
    scope = current_scope()
    if not asked:
        place = Place.objects.filter(path__in=scope.paths).order_by("path").first()
        if place is None:
            raise Refused("cases.no_place", _("请用 --place 写明记在哪里"), "place")
        return place  # type: ignore[no-any-return]
    named = Q(path=asked) | Q(name=asked) | Q(code=asked)
    rows = list(Place.objects.filter(named, ended_on__isnull=True)) or find_place(asked)
    inside = [row for row in rows if scope.holds(row.path)]
    # A full name wins over the longer names that contain it.
    exact = [one for one in inside if asked in (one.name, one.address, str(one))]
    chosen = exact if len(exact) == 1 else inside
    if len(chosen) != 1:
        names = "、".join(str(one) for one in chosen[:8])
        sentence = _("有几个地方都像“%(asked)s”") if chosen else _("没有找到“%(asked)s”")
        raise Refused("cases.which_place", sentence % {"asked": asked}, "place", names)
    return chosen[0]
