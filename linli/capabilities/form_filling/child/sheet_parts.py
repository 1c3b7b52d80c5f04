"""The sheets of a workbook measured before they are laid out in memory; runs in the child."""

from __future__ import annotations

import re
import zipfile
from typing import Any
from xml.parsers import expat

from linli.capabilities.form_filling.child.bounds import CELLS, MERGES, PLACES
from linli.core.documents.limits import Limits
from linli.core.documents.stop_reading import StopReading

CORNER = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
SHEETS = re.compile(r"xl/worksheets/[^/]+\.xml$")
MOST_LAID_OUT = 3 * CELLS  # lists that drop-downs choose from, on sheets nobody sees, count too


class _Measure:
    """One walk through the cells and merged ranges of all sheets."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.cells = self.merges = self.places = self.row = 0
        self.last = (1, 1)

    def start(self, name: str, given: dict[str, str]) -> None:
        """Count one element."""
        name = name.rsplit(":", 1)[-1]
        if name == "c":
            self._cell(given.get("r", ""))
        elif name == "row":
            self._count()
            self.row = int(given.get("r") or self.row + 1)
            self._far(self.row, 1, f"A{self.row}")
        elif name == "mergeCell":
            self._merge(given.get("ref", ""))

    def _count(self) -> None:
        self.cells += 1
        if self.cells > MOST_LAID_OUT:
            raise StopReading("too_many_cells", most=CELLS)

    def _cell(self, name: str) -> None:
        self._count()
        corner = CORNER.fullmatch(name)
        if corner:
            self._far(int(corner[2]), column_of(corner[1]), name)

    def _far(self, row: int, column: int, name: str) -> None:
        self.last = (max(self.last[0], row), max(self.last[1], column))
        if self.limits.box and self.last[0] * self.last[1] > self.limits.box:
            raise StopReading("far_cell", cell=name[:12])

    def _merge(self, ref: str) -> None:
        corners = CORNER.findall(ref)
        if len(corners) == 2:
            (left, top), (right, bottom) = corners
            wide = abs(column_of(right) - column_of(left)) + 1
            self.places += wide * (abs(int(bottom) - int(top)) + 1)
        self.merges += 1
        if self.merges > MERGES or self.places > PLACES:
            raise StopReading("too_many_merges", most=MERGES)


def column_of(letters: str) -> int:
    """Return the number of a column, A is 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def measure(box: zipfile.ZipFile, limits: Limits) -> None:
    """Refuse sheets that would be too large laid out, merged too often, or with entities."""
    for name in box.namelist():
        if SHEETS.match(name):
            walk = _Measure(limits)
            parser: Any = expat.ParserCreate()
            parser.StartElementHandler = walk.start
            # Entities that grow into one another fill any memory; no office program writes them.
            parser.StartDoctypeDeclHandler = _no_entities
            try:
                with box.open(name) as part:
                    parser.ParseFile(part)
            except (expat.ExpatError, ValueError) as wrong:
                raise StopReading("broken") from wrong


def _no_entities(*_said: Any) -> None:
    raise StopReading("broken")
