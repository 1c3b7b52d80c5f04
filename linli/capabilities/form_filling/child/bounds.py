"""How large a form may be, counted while it is read; runs in the child."""

from __future__ import annotations

from dataclasses import dataclass

from linli.core.documents.stop_reading import StopReading

COLUMNS, ROWS, TABLES, PARAGRAPHS = 400, 5000, 300, 5000
# Places are cells with what they span: a few merges may cover a whole sheet.
CELLS, PLACES, MERGES = 100_000, 400_000, 20_000
LONGEST, LETTERS = 5000, 500_000


@dataclass
class Bounds:
    """What was counted so far; too much of anything stops the reading with what it is."""

    cells: int = 0
    places: int = 0
    letters: int = 0

    def cell(self, row: int, column: int, high: int, wide: int, where: str) -> None:
        """Count a cell with how far it reaches."""
        if column + wide > COLUMNS or row + high > ROWS or high < 1 or wide < 1:
            raise StopReading("too_large", sheet=where)
        self.cells += 1
        self.places += high * wide
        if self.cells > CELLS or self.places > PLACES:
            raise StopReading("too_many_cells", most=CELLS)

    def text(self, said: str) -> str:
        """Count what is written; nothing that is asked for is as long as is kept."""
        said = said[:LONGEST]
        self.letters += len(said)
        if self.letters > LETTERS:
            raise StopReading("too_long", most=LETTERS)
        return said
