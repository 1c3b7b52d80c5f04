"""What went wrong, told by kind and place: types, files, lines, functions, and no value.

A message is shown as far as its words stand in the source file that raised it; what was filled in
at run time (a name, a number, a token) cannot be told by its shape and is left out. Of a database
error the code and the constraint are told, of a system error what the system calls it.
"""

from __future__ import annotations

import errno
import re
import sys
import threading
import traceback
import types
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

LEFT_OUT = "…"
# Shorter words stand in any source: a value could be put together from them.
LONGEST_TEXT, SHORTEST_WORDS, LARGEST_SOURCE = 1000, 4, 2_000_000
MOST_FRAMES, MOST_CAUSES = 40, 6
_FILLED = re.compile(r"%(?:\(\w+\))?[-#0 +]*[\d.*]*[a-zA-Z%]|\{[^{}]*\}")
_MODULE = re.compile(r"[a-z_][\w.]{0,80}", re.A)
# Fixed words of SQLite, with names of tables and columns.
_SQLITE = re.compile(
    r"(?:UNIQUE|NOT NULL|FOREIGN KEY) constraint failed(?:: [\w., ]+)?|CHECK constraint failed: \w+"
    r"|no such (?:table|column): [\w.]+|database or disk is full|database is locked"
    r"|disk I/O error|attempt to write a readonly database|unable to open database file",
    re.A,
)


def describe_error(wrong: BaseException) -> str:
    """Return an error and what caused it: the frames, then its kind and the words of the source."""
    parts, error, seen = [], wrong, 0
    while True:
        parts.append("\n".join([*_frames(error), headline(error)]))
        cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        seen += 1
        if cause is None or cause is error or seen == MOST_CAUSES:
            return "\n-- which led to --\n".join(reversed(parts))
        error = cause


def headline(wrong: BaseException) -> str:
    """Return the kind of an error and what may be told of its message."""
    kind = type(wrong)
    name = kind.__qualname__
    if kind.__module__ not in ("builtins", "__main__"):
        name = f"{kind.__module__}.{name}"
    message = " ".join([*_codes(wrong), _message(wrong)]).strip()
    return f"{name}: {message}" if message else name


def words_of_source(text: str, file: str) -> str:
    """Return a text with all left out that does not stand in the source ``file``."""
    text = text[:LONGEST_TEXT]
    shown = bytearray(len(text))
    for words in _constants(file):
        start = text.find(words)
        while start >= 0:
            end = start + len(words)
            if not (_joined(text, start) or _joined(text, end)):
                shown[start:end] = b"\x01" * (end - start)
            start = text.find(words, start + 1)
    return _without(text, shown)


def stands_in_source(text: str, file: str) -> bool:
    """Is the whole text one that the source ``file`` holds?"""
    return text in _whole(file)


def told_hook(kind: type[BaseException], wrong: BaseException, trace: Any) -> None:
    """Tell an error that nobody caught, in place of Python's own traceback."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, wrong, trace)
        return
    write(describe_error(wrong))


def install() -> None:
    """Let every error that nobody catches, in any thread, be told without values."""
    sys.excepthook = told_hook

    def in_thread(failure: threading.ExceptHookArgs) -> None:
        if failure.exc_value is not None and not isinstance(failure.exc_value, SystemExit):
            write(f"thread\n{describe_error(failure.exc_value)}")

    def unraisable(failure: Any) -> None:
        if failure.exc_value is not None:
            write(f"ignored\n{describe_error(failure.exc_value)}")

    threading.excepthook = in_thread
    sys.unraisablehook = unraisable


_instead: list[Any] = []


def write_to(file: Any) -> None:
    """Have everything that is told written to a file in place of standard error."""
    _instead[:] = [file]


def written_to() -> Any:
    """Return where everything is told."""
    return _instead[0] if _instead else sys.stderr


def write(text: str) -> None:
    """Write a line where logs go, if anybody still listens."""
    file = written_to()
    try:
        file.write(text + "\n")
        file.flush()
    except (OSError, ValueError, AttributeError):  # nobody listens any more
        pass


def _frames(wrong: BaseException) -> list[str]:
    lines = [
        f'  File "{frame.f_code.co_filename}", line {line}, in {frame.f_code.co_name}'
        for frame, line in traceback.walk_tb(wrong.__traceback__)
    ]
    if len(lines) <= MOST_FRAMES:
        return lines
    half = MOST_FRAMES // 2
    return [*lines[:half], f"  {LEFT_OUT} {len(lines) - 2 * half}", *lines[-half:]]


def _codes(wrong: BaseException) -> Iterator[str]:
    """Return what a database or the system calls an error: codes and names of our own tables."""
    if isinstance(wrong, OSError) and wrong.errno:
        yield errno.errorcode.get(wrong.errno, str(wrong.errno))
    if isinstance(wrong, ImportError) and _MODULE.fullmatch(wrong.name or ""):
        yield str(wrong.name)
    for name in ("sqlite_errorname", "sqlstate"):
        if isinstance(code := getattr(wrong, name, None), str):
            yield code
    about = getattr(wrong, "diag", None)
    for name in ("table_name", "column_name", "constraint_name"):
        if isinstance(value := getattr(about, name, None), str):
            yield value


def _message(wrong: BaseException) -> str:
    try:
        text = str(wrong)
    except Exception:  # an error whose words fail is still told by its kind
        return ""
    if type(wrong).__name__.endswith("Error") and _SQLITE.fullmatch(text):
        return text
    last = None
    for frame, _line in traceback.walk_tb(wrong.__traceback__):
        last = frame
    return words_of_source(text, last.f_code.co_filename) if last and text else ""


def _joined(text: str, at: int) -> bool:
    """Is this the middle of a word or number, so that a part of it would be a part of a value?"""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    return (before.isascii() and after.isascii()) and (
        (before.isalnum() or before == "_") and (after.isalnum() or after == "_")
    )


def _without(text: str, shown: bytearray) -> str:
    out, gap = [], ""
    for sign, is_kept in zip(text, shown, strict=True):
        if is_kept:
            out += [_gap(gap), sign]
            gap = ""
        else:
            gap += sign
    return "".join([*out, _gap(gap)])


def _gap(text: str) -> str:
    if not any(character.isalnum() for character in text):
        return text
    before = " " if text[0] == " " else ""
    return f"{before}{LEFT_OUT}{' ' if text[-1] == ' ' else ''}"


@lru_cache(maxsize=128)
def _whole(file: str) -> frozenset[str]:
    """Return every text that a source file holds."""
    path = Path(file)
    try:
        if path.suffix != ".py" or path.stat().st_size > LARGEST_SOURCE:
            return frozenset()
        code = compile(path.read_bytes(), file, "exec", dont_inherit=True)
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    return frozenset(_texts(code))


def _texts(code: types.CodeType) -> Iterator[str]:
    for const in code.co_consts:
        if isinstance(const, str):
            yield const
        elif isinstance(const, types.CodeType):
            yield from _texts(const)
        elif isinstance(const, tuple):
            yield from (text for text in const if isinstance(text, str))


@lru_cache(maxsize=128)
def _constants(file: str) -> tuple[str, ...]:
    """Return the fixed parts of the texts of a source file, the longest first."""
    parts = {
        part.strip()
        for text in _whole(file)
        for part in _FILLED.split(text)
        if SHORTEST_WORDS <= len(part.strip()) <= LONGEST_TEXT
    }
    return tuple(sorted(parts, key=lambda part_text: (-len(part_text), part_text)))
