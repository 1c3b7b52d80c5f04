"""Tables that are web pages or XML although their name says .xls; runs in the child."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import suppress
from html.parser import HTMLParser
from typing import Any
from xml.parsers import expat

from linli.core.documents.limits import Limits
from linli.core.documents.stop_reading import StopReading
from linli.workbench.imports.child import marks, text

Grid = list[tuple[int, list[Any]]]
Read = tuple[dict[str, Any], Iterator[tuple[int, list[Any]]]]
SPREADSHEET = b"urn:schemas-microsoft-com:office:spreadsheet"
MOST_SPANNED = 5000
LARGEST_WHOLE = 1e15
_CHARSET = re.compile(rb"charset=[\"']?([\w-]{3,20})", re.IGNORECASE)


def read_page(data: bytes, limits: Limits) -> Read:
    """Return the longest table of a web page."""
    named = _CHARSET.search(data[:4096])
    content = ""
    if named:
        with suppress(LookupError, UnicodeDecodeError):
            content = data.decode(named[1].decode("ascii"))
    page = _Page(limits)
    page.feed(content or text.decoded(data)[0])
    page.close()
    table = max(page.tables, key=lambda one: len(one.rows), default=_Table())
    return _file_head([["", False]], 0, table.merges), iter(table.filled())


def read_spreadsheet_xml(data: bytes, sheet: int, limits: Limits) -> Read:
    """Return one sheet of an Excel 2003 workbook in XML."""
    reader = _Workbook(limits)
    try:
        reader.read(data)
    except (expat.ExpatError, marks.NotXml, ValueError) as wrong:
        raise StopReading("broken") from wrong
    if not reader.tables or sheet >= len(reader.tables):
        raise StopReading("no_such_sheet" if reader.tables else "empty_sheet")
    chosen = max(sheet, 0)
    table = reader.tables[chosen]
    return _file_head(reader.sheets, chosen, table.merges), iter(table.filled())


def _file_head(sheets: list[list[Any]], chosen: int, merges: list[list[int]]) -> dict[str, Any]:
    return {"sheets": sheets, "chosen": chosen, "merges": merges[:MOST_SPANNED]}


class _Table:
    """Cells as they come, each at the next free place of its row."""

    def __init__(self) -> None:
        self.rows: dict[int, dict[int, Any]] = {}
        self.merges: list[list[int]] = []
        self.row = self.column = 0
        self._held: set[tuple[int, int]] = set()

    def next_row(self, number: int = 0) -> None:
        self.row, self.column = number or self.row + 1, 0

    def place(self, across: int, down: int, limits: Limits) -> int:
        """Return the column of the next cell, and hold what it covers."""
        while (self.row, self.column) in self._held:
            self.column += 1
        at = self.column
        if limits.columns and at + across >= limits.columns:
            cell = marks.name_of(self.row, at + across)
            raise StopReading("too_many_columns", most=limits.columns, cell=cell)
        down = min(down, MOST_SPANNED)
        if (across or down) and len(self.merges) < MOST_SPANNED:
            self.merges.append([self.row, at, self.row + down, at + across])
            cells = ((self.row + y, at + x) for y in range(down + 1) for x in range(across + 1))
            self._held.update(cells if len(self._held) < limits.box else ())
        self.column = at + across + 1
        return at

    def put(self, column: int, value: Any) -> None:
        if value is not None:
            self.rows.setdefault(self.row, {})[column] = value

    def filled(self) -> Grid:
        return [
            (number, [cells.get(column) for column in range(max(cells) + 1)])
            for number, cells in sorted(self.rows.items())
        ]


def _span(given: str | None) -> int:
    return max(int(given), 1) - 1 if given and given.isdecimal() and len(given) < 6 else 0


class _Page(HTMLParser):
    """The tables of a page; of a table within a table each is one."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(convert_charrefs=True)
        self.limits, self.tables, self.open = limits, [], []  # type: ignore[var-annotated]
        self.cell: list[str] | None = None
        self.column = 0
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self.hidden += 1
        elif tag == "table":
            self._end_cell()
            self.open.append(_Table())
            self.tables.append(self.open[-1])
        elif tag == "br" and self.cell is not None:
            self.cell.append("\n")
        elif self.open and tag == "tr":
            self._end_cell()
            self.open[-1].next_row()
        elif self.open and tag in ("td", "th"):
            self._end_cell()
            told = dict(attrs)
            across, down = _span(told.get("colspan")), _span(told.get("rowspan"))
            self.column = self.open[-1].place(across, down, self.limits)
            self.cell = []

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self.hidden = max(0, self.hidden - 1)
        elif tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag == "table" and self.open:
            self._end_cell()
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.cell is not None and not self.hidden:
            self.cell.append(data)

    def _end_cell(self) -> None:
        if self.cell is not None and self.open:
            said = "".join(self.cell).replace("\xa0", " ").strip()
            self.open[-1].put(self.column, text.plain(said) or None)
        self.cell = None


class _Workbook:
    """The sheets of a SpreadsheetML file."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.sheets: list[list[Any]] = []
        self.tables: list[_Table] = []
        self.kind, self.said, self.column = "", [], 0  # type: ignore[var-annotated]
        self.in_data = False

    def read(self, data: bytes) -> None:
        parser = marks.plain_parser()
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        parser.ParseFile(io.BytesIO(data))

    def _start(self, name: str, given: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        told = {key.rpartition(":")[2]: value for key, value in given.items()}
        if tag == "Worksheet":
            self.sheets.append([told.get("Name", ""), False])
            self.tables.append(_Table())
        elif tag == "Row" and self.tables:
            self.tables[-1].next_row(int(told.get("Index", 0)))
        elif tag == "Cell" and self.tables:
            table = self.tables[-1]
            if "Index" in told:
                table.column = int(told["Index"]) - 1
            across, down = int(told.get("MergeAcross", 0)), int(told.get("MergeDown", 0))
            self.column = table.place(across, down, self.limits)
        elif tag == "Data":
            self.kind, self.said, self.in_data = told.get("Type", "String"), [], True

    def _text(self, said: str) -> None:
        if self.in_data:
            self.said.append(said)

    def _end(self, name: str) -> None:
        if name.rpartition(":")[2] == "Data" and self.tables:
            self.in_data = False
            self.tables[-1].put(self.column, _typed(self.kind, "".join(self.said).strip()))


def _typed(kind: str, said: str) -> Any:
    if not said:
        return None
    if kind == "Number":
        number = float(said)
        is_whole = number.is_integer() and abs(number) < LARGEST_WHOLE
        return int(number) if is_whole else number
    if kind == "DateTime":
        return {"date": said.partition(".")[0]}
    if kind == "Boolean":
        return said == "1"
    return {"error": said} if kind == "Error" else said
