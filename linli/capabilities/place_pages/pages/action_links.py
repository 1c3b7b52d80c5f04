"""What this post may do with a place, as links."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from linli.capabilities.place_pages.forms import kinds_below
from linli.core.errors import NotFound
from linli.core.scope import current_scope
from linli.register.places.models import Place
from linli.register.places.queries import place_or_not_found
from linli.register.places.rules import MAY_HOLD
from linli.register.places.terms import PlaceKind
from linli.register.posts.rules import MAY_EDIT_PLACES, MAY_SHAPE_GRIDS

GRIDS = (PlaceKind.GRID, PlaceKind.MICRO_GRID)
NATIONAL = (PlaceKind.SUBDISTRICT, PlaceKind.COMMUNITY)


@dataclass(frozen=True)
class ActionLink:
    """One thing that can be done, and where."""

    label: str
    icon: str
    href: str


def verbs_for(place: Place) -> list[ActionLink]:
    """Return what can be done with a place by the post that looks at it."""
    if place.ended_on is not None:
        return []
    role = current_scope().role
    known = [
        (_("沿革"), "history", "history", True),
        (_("添加"), "plus", "add", may_add(place, role)),
        (
            _("整栋添加"),
            "building-skyscraper",
            "add-building",
            may_add(place, role) and PlaceKind.BUILDING in MAY_HOLD[place.kind],
        ),
        (
            _("修改楼栋资料"),
            "edit",
            "facts",
            role in MAY_EDIT_PLACES and place.kind == PlaceKind.BUILDING,
        ),
        (_("改名"), "pencil", "rename", may_change(place, role)),
        (_("划转"), "switch-horizontal", "move", may_shape(place, role)),
        (_("合并到别的网格"), "git-merge", "merge", may_shape(place, role) and place.kind in GRIDS),
        (_("拆分"), "layers-subtract", "split", may_shape(place, role) and place.kind in GRIDS),
        (_("撤销"), "archive", "end", may_change(place, role)),
    ]
    return [
        ActionLink(label, icon, reverse(f"place_pages:{name}", args=[place.pk]))
        for label, icon, name, is_open in known
        if is_open
    ]


def draw_href(place: Place) -> str:
    """Return where the plan of an estate is drawn, for a post that may."""
    may = place.kind == PlaceKind.ESTATE and place.ended_on is None
    may = may and current_scope().role in MAY_EDIT_PLACES
    return reverse("place_pages:draw-plan", args=[place.pk]) if may else ""


def may_add(place: Place, role: str) -> bool:
    """May this post add something below?"""
    return role in MAY_EDIT_PLACES and bool(kinds_below(place))


def may_change(place: Place, role: str) -> bool:
    """May this post rename or end it? The national list is not changed by hand."""
    return role in MAY_EDIT_PLACES and place.kind not in NATIONAL


def may_shape(place: Place, role: str) -> bool:
    """May this post move it?"""
    is_movable = place.kind not in (*NATIONAL, PlaceKind.DWELLING)
    return role in MAY_SHAPE_GRIDS and is_movable


def place_for(pk: int, *, shaping: bool = False) -> Place:
    """Return a place for a form, or nothing at all to those who could not send it."""
    role = current_scope().role
    if role not in (MAY_SHAPE_GRIDS if shaping else MAY_EDIT_PLACES):
        raise NotFound()
    return place_or_not_found(pk)
