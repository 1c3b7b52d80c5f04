"""The plan of an estate: which buildings stand where on its grid, and drawing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.errors import NotFound, Refused
from linli.core.scope import check_write
from linli.register.places.elevation import natural_order
from linli.register.places.models import Place, PlanPosition
from linli.register.places.plan_layout import LARGEST_GRID, MOST_BUILDINGS, PlanCell, overlapping
from linli.register.places.queries import below
from linli.register.places.terms import PlaceKind
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.register.posts.rules import MAY_EDIT_PLACES

Cells = dict[int, PlanCell]


def standing_buildings(place: Place) -> list[Place]:
    """Return the buildings below a place that still stand: 2幢 before 10幢."""
    rows = Place.objects.filter(below(place.path), kind=PlaceKind.BUILDING, ended_on__isnull=True)
    return sorted(rows.order_by("path"), key=lambda one: _by_number(one.name))


def _by_number(name: str) -> tuple[tuple[int, Any], ...]:
    # A number and a word in the same place are never compared with each other.
    return tuple((0, part) if isinstance(part, int) else (1, part) for part in natural_order(name))


def cells_of(place: Place) -> Cells:
    """Return where the buildings below a place stand on the plan of their estate."""
    rows = PlanPosition.objects.filter(below(place.path)).order_by("scope_path")
    return {row.pk: PlanCell(row.x, row.y, row.width, row.height) for row in rows}


def plan_field(building: int) -> str:
    """Return the name of a building's input on the page that draws the plan."""
    return f"at_{building}"


@action(
    "place.draw_plan",
    term=gettext_noop("画小区平面图"),
    may=role_in(MAY_EDIT_PLACES),
    journal="place.plan_drawn",
)
def draw_plan(
    *,
    estate: Place,
    cells: Mapping[int, PlanCell],
    by: User | None,
    seen: Mapping[int, PlanCell] | None = None,
) -> None:
    """Say where the buildings of an estate stand; the whole plan at once.

    ``seen`` is the plan that the draft was made from: changed since, nothing is drawn.
    """
    check_write(estate.path)
    if estate.kind != PlaceKind.ESTATE:
        raise Refused("place.not_an_estate", _("“%(name)s”不是小区") % {"name": estate.name})
    list(Place.objects.select_for_update().filter(pk=estate.pk).values_list("pk"))
    before = cells_of(estate)
    if seen is not None and dict(seen) != before:
        raise Refused(
            "plan.changed", _("您打开这一页以后，别人改了平面图"), hint=_("请重新打开再试")
        )
    names = {one.pk: one.name for one in standing_buildings(estate)}
    if not set(cells) <= set(names):
        raise NotFound()
    _check(cells, names)
    PlanPosition.objects.filter(Q(estate=estate) | Q(pk__in=list(cells))).delete()
    paths = dict(Place.objects.filter(pk__in=list(cells)).values_list("pk", "path"))
    PlanPosition.objects.bulk_create(
        PlanPosition(
            place_id=key,
            estate=estate,
            scope_path=paths[key],
            x=cell.x,
            y=cell.y,
            width=cell.width,
            height=cell.height,
        )
        for key, cell in sorted(cells.items())
    )
    write_journal(
        "place.plan_drawn",
        about=estate,
        text=_("%(placed)d幢，共%(all)d幢") % {"placed": len(cells), "all": len(names)},
        by=by,
        data={"before": {str(key): str(cell) for key, cell in sorted(before.items())}},
    )


def _check(cells: Mapping[int, PlanCell], names: Mapping[int, str]) -> None:
    """Refuse in words what cannot be drawn; the database refuses the numbers too."""
    if len(cells) > MOST_BUILDINGS:
        raise Refused(
            "plan.too_many",
            _("平面图最多放%(most)d幢，这里有%(n)d幢") % {"most": MOST_BUILDINGS, "n": len(cells)},
        )
    for key, cell in cells.items():
        if not cell.fits:
            raise Refused(
                "plan.off_the_grid",
                _("“%(name)s”出了格子：列和行从1到%(most)d，宽和高至少1格")
                % {"name": names[key], "most": LARGEST_GRID},
                plan_field(key),
            )
    for one, other in overlapping(cells):
        raise Refused(
            "plan.overlap",
            _("“%(one)s”和“%(other)s”叠在一起了") % {"one": names[one], "other": names[other]},
            plan_field(other),
            _("请把其中一幢挪开"),
        )


def kept_cells(written: Mapping[str, str]) -> Cells:
    """Return a plan as the journal keeps it; what is damaged is left out."""
    read: Cells = {}
    for key, text in written.items():
        numbers = text.split(",")
        if key.isdecimal() and len(numbers) == 4 and all(one.isdecimal() for one in numbers):
            read[int(key)] = PlanCell(*(int(one) for one in numbers))
    return read


def leave_plans(path: str, to: str = "") -> None:
    """Take the buildings of a branch off the plan of an estate they no longer lie in.

    Inside an action only, and before the branch moves: the database ties a position to its estate.
    """
    rows = PlanPosition.objects.filter(below(path)).values_list("pk", "estate__scope_path")
    gone = [pk for pk, estate in rows if not (estate.startswith(path) or to.startswith(estate))]
    PlanPosition.objects.filter(pk__in=gone).delete()
