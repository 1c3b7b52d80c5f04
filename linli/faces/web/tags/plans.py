"""The plan of an estate, drawn as SVG: numbers in cells become lengths here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from linli.core.interface.view_models import Plan, PlanHouse
from linli.faces.web.tags.library import register

CELL = 54  # a cell with its gap leaves 44 px, wide enough for a finger
GAP = 5
LETTER = 15
BARS = {"low": 1, "mid": 2, "high": 3}


@dataclass(frozen=True)
class Drawn:
    """A building as lengths of the drawing."""

    house: PlanHouse
    left: int
    top: int
    width: int
    height: int
    name: str
    bars: list[int]

    @property
    def classes(self) -> str:
        """Return the names of its looks."""
        return f"plan-house is-{self.house.tone}{'' if self.house.is_placed else ' is-loose'}"

    @property
    def words(self) -> str:
        """Say all of it, for who points at it or hears it."""
        house = self.house
        return " ".join(str(one) for one in (house.label, house.text, house.says) if one)

    @property
    def middle(self) -> int:
        """Where its words stand."""
        return self.left + self.width // 2

    @property
    def name_at(self) -> int:
        """The height of its name: above the number, if there is one."""
        return self.top + self.height // 2 + (-3 if self.house.text else 5)

    @property
    def text_at(self) -> int:
        """The height of its number."""
        return self.top + self.height // 2 + 14

    @property
    def bars_at(self) -> int:
        """The height of its bars."""
        return self.top + 4


def drawn(house: PlanHouse) -> Drawn:
    """Return a building as it is drawn; a name too long for it is cut, the table has all of it."""
    left, top = house.x * CELL + GAP, house.y * CELL + GAP
    width, height = house.width * CELL - 2 * GAP, house.height * CELL - 2 * GAP
    room = max(1, (width - 6) // LETTER)
    wide = sum(1 if ord(letter) > 255 else 0.6 for letter in house.label)
    name = house.label if wide <= room else f"{house.label[: max(1, room - 1)]}…"
    bars = [left + 5 + 6 * n for n in range(BARS.get(house.tone, 0))]
    return Drawn(house, left, top, width, height, name, bars)


@register.inclusion_tag("components/plan.html")
def plan(view: Plan, editor: bool = False) -> dict[str, Any]:
    """An estate from above: its buildings, coloured and said in words; ``editor`` moves them."""
    width, height = view.columns * CELL, view.rows * CELL
    return {
        "view": view,
        "editor": editor,
        "cell": CELL,
        "gap": GAP,
        "width": width,
        "height": height,
        # In rem, so that larger letters make a larger plan.
        "width_rem": f"{width / 16:g}rem",
        "grid": _grid(width, height) if editor else "",
        "houses": [drawn(house) for house in view.houses],
    }


def _grid(width: int, height: int) -> str:
    """Return the lines of the grid as one path."""
    across = [f"M{at} 0V{height}" for at in range(CELL, width, CELL)]
    return " ".join([*across, *(f"M0 {at}H{width}" for at in range(CELL, height, CELL))])
