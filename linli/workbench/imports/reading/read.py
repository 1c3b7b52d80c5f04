"""Letting the child read a table, and believing only what it says in good order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import IO, Any

from linli.core.documents.limits import MIB, Limits
from linli.core.documents.reader import ChildExit, NotRead, running
from linli.workbench.imports.reading.parsed_file import (
    SENTENCES,
    BadCell,
    CellValue,
    SheetAsRead,
    SheetName,
    SheetRow,
    UnreadableFile,
)

TASK = "linli.workbench.imports.child.task:read"
FIRST_VISIBLE = -1


def read_file(
    data: bytes, name: str, *, sheet: int = FIRST_VISIBLE, limits: Limits | None = None
) -> SheetAsRead | UnreadableFile:
    """Read one sheet of a file under limits; a file that cannot be read is an answer too."""
    limits = limits or Limits()
    if limits.upload and len(data) > limits.upload:
        size = -(-len(data) // MIB)
        return UnreadableFile("too_big", {"size": size, "most": limits.upload // MIB})
    try:
        with running(TASK, {"name": name[-200:], "sheet": sheet}, data, limits) as (ran, answer):
            return _understood(ran, answer)
    except NotRead as why:
        return UnreadableFile(why.code, why.words)


def _understood(ran: ChildExit, answer: IO[bytes]) -> SheetAsRead | UnreadableFile:
    head: dict[str, Any] = {}
    rows: list[SheetRow] = []
    is_whole = False
    try:
        for line in _lines(answer):
            if isinstance(line, list):
                rows.append(SheetRow(line[0], tuple(_value(cell) for cell in line[1])))
            elif "refused" in line and line["refused"] in SENTENCES:
                return UnreadableFile(line["refused"], line.get("words", {}))
            elif "sheets" in line:
                head = line
            # A child that was stopped leaves a beginning that looks like a shorter sheet.
            is_whole = isinstance(line, dict) and line.get("end") == len(rows)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        is_whole = False
    if ran.code != 0 or not is_whole:
        return UnreadableFile(ran.why)
    if not rows:
        return UnreadableFile("empty_sheet")
    return _sheet(head, rows)


def _lines(answer: IO[bytes]) -> Iterator[Any]:
    for line in answer:
        # A line cut off by the limit of the output must not pass for a whole one.
        if line.endswith(b"\n"):
            yield json.loads(line)


def _value(cell: Any) -> CellValue:
    if not isinstance(cell, dict):
        return cell  # type: ignore[no-any-return]
    if "date" in cell:
        text = cell["date"]
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    if "time" in cell:
        return time.fromisoformat(cell["time"])
    if "formula" in cell:
        return BadCell("formula", "")
    return BadCell("error", str(cell["error"])[:20])


def _sheet(head: dict[str, Any], rows: list[SheetRow]) -> SheetAsRead:
    return SheetAsRead(
        sheets=tuple(SheetName(name, hidden) for name, hidden in head["sheets"]),
        chosen=head["chosen"],
        rows=tuple(rows),
        width=max(len(row.cells) for row in rows),
        merges=tuple((a, b, c, d) for a, b, c, d in head.get("merges", ())),
        hidden_rows=tuple(head.get("hidden_rows", ())),
        hidden_columns=tuple(head.get("hidden_columns", ())),
        has_macros=bool(head.get("macros")),
        encoding=head.get("encoding", ""),
    )
