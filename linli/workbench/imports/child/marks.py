"""What calamine does not tell of a sheet: errors, formulas without value, what is hidden."""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from typing import IO, Any
from xml.parsers import expat

from linli.core.documents.limits import Limits
from linli.core.documents.stop_reading import StopReading

MOST_NOTED = 2000
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class NotXml(ValueError):
    """A part of the workbook is no plain XML."""


@dataclass
class Marks:
    """Bad cells by row and column, and the numbers of hidden rows and columns."""

    bad: dict[int, dict[int, dict[str, str]]] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)


def name_of(row: int, column: int) -> str:
    """Return the name of a cell, row from 1 and column from 0."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def plain_parser() -> Any:
    """Return a parser of XML that refuses a document type."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_: Any) -> None:
        raise NotXml("a document type: entities are not wanted")

    # Entities that expand into one another would fill the memory.
    parser.StartDoctypeDeclHandler = refuse
    return parser


def _fed(parser: Any, part: IO[bytes]) -> None:
    try:
        parser.ParseFile(part)
    except expat.ExpatError as wrong:
        raise NotXml(str(wrong)) from wrong
    except zipfile.BadZipFile as wrong:
        raise NotXml(str(wrong)) from wrong


def _local(name: str) -> str:
    return name.rsplit(":", 1)[-1]


def sheet_parts(box: zipfile.ZipFile) -> list[tuple[str, bool, str]]:
    """Return name, whether hidden, and part of every sheet in the order of the workbook."""
    book = next(n for n in box.namelist() if n.lower().endswith("workbook.xml"))
    folder, file = posixpath.split(book)
    targets: dict[str, str] = {}
    sheets: list[tuple[str, bool, str]] = []

    def relation(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "sheet":
            key = next((v for k, v in attributes.items() if _local(k) == "id" and ":" in k), "")
            target = targets.get(key, "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            hidden = attributes.get("state", "visible") != "visible"
            sheets.append((attributes.get("name", ""), hidden, posixpath.normpath(path)))

    for part, handler in ((f"{folder}/_rels/{file}.rels".lstrip("/"), relation), (book, sheet)):
        parser = plain_parser()
        parser.StartElementHandler = handler
        with box.open(part) as opened:
            _fed(parser, opened)
    return sheets


class _Scan:
    """One walk through a sheet's XML; keeps only what is unusual.

    A sheet has up to a million cells, so the common case is short: a cell without formula and
    error costs two calls and no other handler is on.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.marks = Marks()
        self.row = self.noted = self.last_row = self.last_column = 0
        self.cell = self.kind = self.filled = self.value = ""
        self.in_value = False
        self.parser = plain_parser()
        self.parser.StartElementHandler = self.start

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Note hidden rows and columns, and watch cells with a formula or an error."""
        if name == "c":
            self.cell = attributes.get("r", "")
            if attributes.get("t") == "e":
                self.watch("e")
            else:
                self.kind = attributes.get("t", "n")
        elif name == "v" or name == "t":
            self.filled = self.cell
            self.in_value = True
        elif name == "row":
            self.start_row(attributes)
        elif name == "f":
            self.watch(self.kind)
        elif name == "col":
            self.hide_columns(attributes)
        elif ":" in name:
            self.start(name.rsplit(":", 1)[-1], attributes)

    def start_row(self, attributes: dict[str, str]) -> None:
        """Check how far the row before went, then begin the next."""
        self.far()
        # The format does not ask a row to state its number.
        self.row = int(attributes.get("r", 0) or 0) or self.row + 1
        if attributes.get("hidden") in ("1", "true") and len(self.marks.hidden_rows) < MOST_NOTED:
            self.marks.hidden_rows.append(self.row)

    def hide_columns(self, attributes: dict[str, str]) -> None:
        """Note hidden columns."""
        if attributes.get("hidden") in ("1", "true"):
            first, last = int(attributes.get("min", 1)), int(attributes.get("max", 1))
            # A range may say that it hides all columns to the last one Excel has.
            columns = range(first - 1, min(last, first + self.limits.columns, 16_384))
            self.marks.hidden_columns.extend(columns)

    def watch(self, kind: str) -> None:
        """Listen to the value of this cell until it ends."""
        self.kind, self.value, self.in_value = kind, "", False
        self.parser.CharacterDataHandler = self.text
        self.parser.EndElementHandler = self.end

    def text(self, words: str) -> None:
        """Keep the value of a watched cell."""
        if self.in_value:
            self.value += words[:200]

    def end(self, name: str) -> None:
        """Judge a watched cell when it ends, and stop listening."""
        name = name.rsplit(":", 1)[-1]
        if name in ("v", "t"):
            self.in_value = False
        elif name == "c":
            self.parser.CharacterDataHandler = self.parser.EndElementHandler = None
            if self.kind == "e":
                self.note({"error": self.value or "#N/A"})
            elif not self.value and self.kind != "str":
                self.note({"formula": "1"})

    def note(self, what: dict[str, str]) -> None:
        """Keep one bad cell; a sheet full of them is cut off."""
        cell = _CELL.fullmatch(self.cell)
        if cell and self.noted < MOST_NOTED * 10:
            self.noted += 1
            self.marks.bad.setdefault(int(cell[2]), {})[_column(cell[1])] = what

    def far(self) -> None:
        """Refuse a filled cell so far off that laying the sheet out would take too much."""
        cell = _CELL.fullmatch(self.filled)
        if not cell:
            return
        self.last_row = max(self.last_row, int(cell[2]))
        self.last_column = max(self.last_column, _column(cell[1]) + 1)
        if self.limits.box and self.last_row * self.last_column > self.limits.box:
            raise StopReading("far_cell", cell=self.filled)


def scan(part: IO[bytes], limits: Limits) -> Marks:
    """Walk through one sheet."""
    walk = _Scan(limits)
    try:
        _fed(walk.parser, part)
        walk.far()
    except (ValueError, TypeError) as wrong:
        raise NotXml(str(wrong)) from wrong
    return walk.marks
