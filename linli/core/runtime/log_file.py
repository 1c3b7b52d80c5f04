"""One log file that many processes write and one of them turns over.

Every line is one write to the end of the file, so that lines of two processes never mix. Before it
the name is looked at: when another file has it since, that one is opened.
"""

from __future__ import annotations

import fcntl
import os
import sys
from contextlib import suppress
from pathlib import Path
from threading import Lock

from linli.core.runtime import environment as env

MEGABYTE = 1 << 20


class LogFile:
    """What logs are written to in place of standard error; readable by its owner alone."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._file = -1
        self._mark = (0, 0)

    def write(self, text: str) -> int:
        """Add a text to the end, whole; without a file to write to it goes to standard error."""
        try:
            with self._lock:
                os.write(self._open(), text.encode("utf-8", "backslashreplace"))
        except OSError:
            with suppress(OSError, ValueError, AttributeError):
                sys.stderr.write(text)
        return len(text)

    def flush(self) -> None:
        """Do nothing: whatever was written is with the system already."""

    def _open(self) -> int:
        try:
            status = os.stat(self._path)
            if self._file >= 0 and self._mark == (status.st_dev, status.st_ino):
                return self._file
        except FileNotFoundError:
            pass
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
        self._file = os.open(
            self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600
        )
        os.fchmod(self._file, 0o600)
        status = os.fstat(self._file)
        self._mark = status.st_dev, status.st_ino
        return self._file


def rotate() -> None:
    """Give a log file that has grown too large another name, and drop the oldest."""
    path = env.log_file()
    if path is None:
        return
    megabytes, kept = env.log_bounds()
    most = megabytes * MEGABYTE
    with suppress(OSError):
        if path.stat().st_size >= most > 0:
            _turn_over(path, most, kept)


def _turn_over(path: Path, most: int, kept: int) -> None:
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        # Of two servers with one file one turns it over.
        fcntl.flock(folder, fcntl.LOCK_EX)
        if path.stat().st_size < most:
            return
        for number in range(kept, 0, -1):
            older = path.with_name(f"{path.name}.{number}")
            newer = path if number == 1 else path.with_name(f"{path.name}.{number - 1}")
            with suppress(FileNotFoundError):
                newer.replace(older)
        if not kept:
            path.unlink()
    finally:
        os.close(folder)
