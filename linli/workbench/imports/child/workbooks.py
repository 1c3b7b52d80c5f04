"""Workbooks of Excel and WPS, old and new, parsed by calamine; runs in the child."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from linli.core.documents import zip_archives
from linli.core.documents.limits import Limits
from linli.core.documents.stop_reading import StopReading
from linli.workbench.imports.child import marks

# Excel keeps fifteen digits: of a longer number the end is lost.
LARGEST_WHOLE = 1e15
MOST_SHEETS = 100


def is_workbook(data: bytes) -> bool:
    """Is this zip a workbook, going by the names of its parts?"""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as box:
            return any(name.lower().endswith("workbook.xml") for name in box.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, RuntimeError) as wrong:
        raise StopReading("broken") from wrong


def read_workbook(
    data: bytes, really: str, sheet: int, limits: Limits
) -> tuple[dict[str, Any], Iterator[tuple[int, list[Any]]]]:
    """Return the sheets, what is special about the chosen one, and its filled rows."""
    noted = marks.Marks()
    macros = False
    if really == "xlsx":
        with zipfile.ZipFile(io.BytesIO(data)) as box:
            # Declared and real sizes are measured before the parser sees anything (0010).
            zip_archives.measure(box, len(data), limits)
            macros = any("vbaproject" in name.lower() for name in box.namelist())
            parts = _parts(box)
            sheet = _chosen(sheet, [hidden for _name, hidden, _part in parts])
            noted = _marked(box, parts[sheet][2], limits)
    return _by_calamine(data, sheet, noted, macros, limits)


def _parts(box: zipfile.ZipFile) -> list[tuple[str, bool, str]]:
    try:
        return marks.sheet_parts(box)
    except (KeyError, marks.NotXml) as wrong:
        raise StopReading("broken") from wrong


def _chosen(wanted: int, hidden: list[bool]) -> int:
    if not hidden or wanted >= len(hidden):
        raise StopReading("no_such_sheet" if hidden else "empty_sheet")
    return wanted if wanted >= 0 else next((n for n, h in enumerate(hidden) if not h), 0)


def _marked(box: zipfile.ZipFile, part: str, limits: Limits) -> marks.Marks:
    try:
        with box.open(part) as sheet:
            return marks.scan(sheet, limits)
    except (KeyError, marks.NotXml) as wrong:
        raise StopReading("broken") from wrong


def _by_calamine(
    data: bytes, wanted: int, noted: marks.Marks, macros: bool, limits: Limits
) -> tuple[dict[str, Any], Iterator[tuple[int, list[Any]]]]:
    import python_calamine as calamine

    visible = calamine.SheetVisibleEnum.Visible
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [(one.name, one.visible != visible) for one in book.sheets_metadata][:MOST_SHEETS]
        chosen = _chosen(wanted, [hidden for _name, hidden in sheets])
        sheet = book.get_sheet_by_index(chosen)
    except calamine.PasswordError as wrong:
        raise StopReading("password") from wrong
    except StopReading:
        raise
    except MemoryError:
        raise
    except BaseException as wrong:  # a panic of the parser is no Exception
        raise StopReading("broken") from wrong
    merges = [[a + 1, b, c + 1, d] for (a, b), (c, d) in (sheet.merged_cell_ranges or [])][:5000]
    head = {
        "sheets": sheets,
        "chosen": chosen,
        "merges": merges,
        "hidden_rows": noted.hidden_rows,
        "hidden_columns": noted.hidden_columns,
        "macros": macros,
    }
    return head, _rows(sheet, noted, limits)


def _rows(sheet: Any, noted: marks.Marks, limits: Limits) -> Iterator[tuple[int, list[Any]]]:
    if sheet.start is None:
        return
    last_column = sheet.end[1]
    if limits.columns and last_column >= limits.columns:
        cell = marks.name_of(sheet.end[0] + 1, last_column)
        raise StopReading("too_many_columns", most=limits.columns, cell=cell)
    # calamine leaves out empty columns on the left.
    left = [None] * sheet.start[1]
    for number, row in enumerate(sheet.iter_rows(), start=sheet.start[0] + 1):
        bad = noted.bad.get(number)
        if not bad and not any(cell != "" for cell in row):
            continue
        cells = left + [json_cell(cell) for cell in row]
        for column, what in (bad or {}).items():
            cells += [None] * (column + 1 - len(cells))
            cells[column] = what
        while cells and cells[-1] is None:
            cells.pop()
        if cells:
            yield number, cells


def json_cell(cell: Any) -> Any:
    """Return one value as JSON can carry it; whole numbers lose their ".0", dates are tagged."""
    if isinstance(cell, str):
        return cell.strip() or None
    if isinstance(cell, bool) or cell is None:
        return cell
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < LARGEST_WHOLE else _finite(cell)
    if isinstance(cell, datetime):
        return {"date": cell.isoformat(timespec="seconds")}
    if isinstance(cell, date | time):
        return {"date" if isinstance(cell, date) else "time": cell.isoformat()}
    if isinstance(cell, timedelta):
        return cell.total_seconds()
    return cell


def _finite(number: float) -> float | None:
    return number if abs(number) < float("inf") else None
