"""What the components are given: small frozen shapes, made by pages, read by templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from linli.core.interface.registry import Words

# What a door's colour may mean; the words beside it are the page's own.
DOOR_TONES = ("on", "part", "off", "vacant", "unknown", "alert")
HEAT_TONES = tuple(f"heat-{step}" for step in range(1, 6))


@dataclass(frozen=True)
class Column:
    """One column of a table; ``kind`` "number" is set to the right."""

    label: Words
    kind: str = "text"
    sort_href: str = ""
    sorted: str = ""  # "", "ascending" or "descending"


LONGEST_LINE = 24  # characters of a cell that stay on one line


@dataclass(frozen=True)
class Cell:
    """One value of a table, with where it leads and a small line below it."""

    text: object
    href: str = ""
    note: Words = ""
    tone: str = ""

    @property
    def is_prose(self) -> bool:
        """Is it a sentence, which goes over several lines on a wide screen too?"""
        return max(len(str(self.text)), len(str(self.note))) > LONGEST_LINE


@dataclass(frozen=True)
class Tab:
    """One of several views of the same thing."""

    label: Words
    href: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class DwellingTile:
    """One dwelling in the elevation; ``says`` is what its colour means, for who cannot see it."""

    label: str
    tone: str = "off"
    says: Words = ""
    text: Words = ""
    href: str = ""


@dataclass(frozen=True)
class Floor:
    """One floor, its doors from left to right; None where there is no door."""

    label: Words
    doors: Sequence[DwellingTile | None]


@dataclass(frozen=True)
class Legend:
    """What one colour means and how many doors have it."""

    tone: str
    says: Words
    count: int | None = None


@dataclass(frozen=True)
class Elevation:
    """A building seen from the front, the top floor first."""

    caption: Words
    floors: Sequence[Floor]
    legend: Sequence[Legend] = field(default_factory=tuple)
    entrances: Sequence[tuple[Words, int]] = field(default_factory=tuple)
    opens_beside: bool = False  # on a desk a door opens beside the building

    @property
    def link_marks(self) -> str:
        """Return the attribute that the doors' links carry."""
        return "data-beside" if self.opens_beside else ""


# How much of what was asked a building has: by colour and by as many bars, so that neither colour
# nor light decides alone.
PLAN_TONES = ("none", "low", "mid", "high", "plain")


@dataclass(frozen=True)
class PlanHouse:
    """A building on a plan: where it stands, in cells from 0, and what is said of it."""

    key: int
    label: str
    x: int
    y: int
    width: int
    height: int
    tone: str = "plain"
    text: Words = ""
    says: Words = ""
    href: str = ""
    is_placed: bool = True  # else it stands where there is room, with a broken line


@dataclass(frozen=True)
class Plan:
    """An estate seen from above."""

    caption: Words
    says: Words
    houses: Sequence[PlanHouse]
    legend: Sequence[Legend] = field(default_factory=tuple)
    room: int = 0  # free cells to the right and below

    @property
    def columns(self) -> int:
        """How many cells wide is it?"""
        return max((house.x + house.width for house in self.houses), default=1) + self.room

    @property
    def rows(self) -> int:
        """How many cells high is it?"""
        return max((house.y + house.height for house in self.houses), default=1) + self.room
