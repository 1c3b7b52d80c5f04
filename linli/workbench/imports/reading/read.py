"""Starting the child, waiting for it, and believing only what it says in good order."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from datetime import date, datetime, time
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO, Any

from linli.workbench.imports.reading.limits import MIB, Limits
from linli.workbench.imports.reading.shapes import (
    SENTENCES,
    BadCell,
    CellValue,
    SheetAsRead,
    SheetName,
    SheetRow,
    Unreadable,
)

ROOT = Path(__file__).resolve().parents[4]
CHILD = (
    f"import sys; sys.path.insert(0, {str(ROOT)!r});"
    "from linli.workbench.imports.reading.child import main; main()"
)
FIRST_VISIBLE = -1
# Two files at once are enough for an office and bound the memory of all children together.
_places = BoundedSemaphore(2)
_WHY = {-signal.SIGXCPU: "too_slow", -signal.SIGXFSZ: "too_much_memory"}
_KILLED_FOR_MEMORY = (-signal.SIGABRT, -signal.SIGKILL, -signal.SIGSEGV, -signal.SIGBUS)


def read_file(
    data: bytes, name: str, *, sheet: int = FIRST_VISIBLE, limits: Limits | None = None
) -> SheetAsRead | Unreadable:
    """Read one sheet of a file under limits; a file that cannot be read is an answer too."""
    limits = limits or Limits()
    if limits.upload and len(data) > limits.upload:
        size = -(-len(data) // MIB)
        return Unreadable("too_big", {"size": size, "most": limits.upload // MIB})
    with _places, ExitStack() as open_files:
        given = open_files.enter_context(_memory_file("linli-given"))
        answer = open_files.enter_context(_memory_file("linli-answer"))
        try:
            given.write(data)
        except OSError:
            return Unreadable("no_room")
        given.seek(0)
        code, said = _run(given, answer, name, sheet, limits)
        answer.seek(0)
        return _understood(code, said, answer)


def _memory_file(name: str) -> IO[bytes]:
    """Return a file that never lies on a disk, where the system has such files."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create(name), "w+b")
    return tempfile.TemporaryFile()


def _run(
    given: IO[bytes], answer: IO[bytes], name: str, sheet: int, limits: Limits
) -> tuple[int, bytes]:
    """Run the child to its end or kill it with all it started; return its exit code and words."""
    order = json.dumps({"name": name[-200:], "sheet": sheet, "limits": asdict(limits)})
    with tempfile.TemporaryFile() as errors:
        child = subprocess.Popen(  # noqa: S603 - our own interpreter and our own code
            [sys.executable, "-I", "-B", "-c", CHILD, order],
            stdin=given,
            stdout=answer,
            stderr=errors,
            env={"LANG": "C.UTF-8"},
            cwd="/",
            start_new_session=True,
            close_fds=True,
        )
        try:
            code = child.wait(timeout=limits.wall_seconds or None)
        except subprocess.TimeoutExpired:
            return -signal.SIGXCPU, b""
        finally:
            _end(child)
        errors.seek(0)
        return code, errors.read(4000)


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            child.kill()
        child.wait()


def _understood(code: int, said: bytes, answer: IO[bytes]) -> SheetAsRead | Unreadable:
    head: dict[str, Any] = {}
    rows: list[SheetRow] = []
    is_whole = False
    try:
        for line in _lines(answer):
            if isinstance(line, list):
                rows.append(SheetRow(line[0], tuple(_value(cell) for cell in line[1])))
            elif "refused" in line and line["refused"] in SENTENCES:
                return Unreadable(line["refused"], line.get("words", {}))
            elif "sheets" in line:
                head = line
            is_whole = isinstance(line, dict) and line.get("end") == len(rows)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        is_whole = False
    if code != 0 or not is_whole:
        memory = code in _KILLED_FOR_MEMORY or b"memory" in said or b"MemoryError" in said
        return Unreadable(_WHY.get(code, "too_much_memory" if memory else "broken"))
    if not rows:
        return Unreadable("empty_sheet")
    return _sheet(head, rows)


def _lines(answer: IO[bytes]) -> Iterator[Any]:
    for line in answer:
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
