"""The grid of an estate's plan: where a building stands, and rows as a first draft."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

LARGEST_GRID = 60  # cells to a side
MOST_BUILDINGS = 200
WIDEST_ROW = 6
DRAFT_WIDTH, DRAFT_PITCH = 2, 2  # a house is two cells wide, and a row is left free before it


@dataclass(frozen=True)
class PlanCell:
    """Where a building stands: its first column and row from 1, how many of each it covers."""

    x: int
    y: int
    width: int = DRAFT_WIDTH
    height: int = 1

    def __str__(self) -> str:
        return f"{self.x},{self.y},{self.width},{self.height}"

    @property
    def fits(self) -> bool:
        """Does it lie on the grid?"""
        sides = ((self.x, self.width), (self.y, self.height))
        return all(at >= 1 and size >= 1 and at + size - 1 <= LARGEST_GRID for at, size in sides)

    def overlaps(self, other: PlanCell) -> bool:
        """Do both cover a cell?"""
        across = self.x < other.x + other.width and other.x < self.x + self.width
        return across and self.y < other.y + other.height and other.y < self.y + self.height


def overlapping(cells: Mapping[int, PlanCell]) -> Iterator[tuple[int, int]]:
    """Yield the pairs that cover a cell together."""
    keys = list(cells)
    for n, one in enumerate(keys):
        for other in keys[n + 1 :]:
            if cells[one].overlaps(cells[other]):
                yield one, other


def in_rows(keys: Sequence[int], standing: Iterable[PlanCell] = ()) -> dict[int, PlanCell]:
    """Return rows of buildings in their order, below those that stand already."""
    first = max((cell.y + cell.height + 1 for cell in standing), default=1)
    wide = max(2, min(WIDEST_ROW, math.ceil(math.sqrt(len(keys)))))
    # A tall plan has no more room below: the rows close up, then go to the right.
    pitch = DRAFT_PITCH if first + DRAFT_PITCH * (len(keys) // wide + 1) <= LARGEST_GRID else 1
    high = max(1, (LARGEST_GRID - first) // pitch + 1)
    wide = max(wide, math.ceil(len(keys) / high))
    return {
        key: PlanCell(1 + DRAFT_WIDTH * (n % wide), first + pitch * (n // wide))
        for n, key in enumerate(keys)
    }
