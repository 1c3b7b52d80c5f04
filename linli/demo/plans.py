"""The plans of the demonstration's estates: towers and slabs in rows that do not line up."""

from __future__ import annotations

from linli.register.places.models import Building, Place
from linli.register.places.plan_layout import PlanCell
from linli.register.places.plans import Cells, draw_plan, standing_buildings
from linli.register.places.terms import PlaceKind

TALL_FROM = 7
TOWER, SLAB = (2, 2), (2, 1)
PITCH = 3


def draw_plans(town: Place) -> None:
    """Draw every estate."""
    estates = Place.objects.filter(kind=PlaceKind.ESTATE, path__startswith=town.path)
    for number, estate in enumerate(estates.order_by("path")):
        houses = standing_buildings(estate)
        draw_plan(estate=estate, cells=_standing(houses, number), by=None)


def _standing(houses: list[Place], number: int) -> Cells:
    """Lay houses in rows of two or three, every other row a little to the right."""
    rows = Building.objects.filter(place__in=houses).values_list("pk", "floors")
    floors: dict[int, int | None] = dict(rows)
    wide = 2 + number % 2 if len(houses) < 7 else 3
    cells: Cells = {}
    for n, house in enumerate(houses):
        width, height = TOWER if (floors.get(house.pk) or 0) >= TALL_FROM else SLAB
        row = n // wide
        left = 1 + (n % wide) * SLAB[0] + (row + number) % 2
        cells[house.pk] = PlanCell(left, 1 + row * PITCH, width, height)
    return cells
