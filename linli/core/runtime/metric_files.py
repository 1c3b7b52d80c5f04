"""Counting requests, in all processes of a server together; only a server loads what counts.

The library writes figures into files that it maps into memory. On a full disk such a write would
end the process, so each process takes the room for its files first; without room it does not count.
"""

from __future__ import annotations

import os
import struct
from contextlib import suppress
from pathlib import Path

from django.conf import settings

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
# Around all others: what they take is time that somebody waited.
FIGURES = "linli.core.runtime.request_figures.RequestFigures"
# For every page by every method: about 600 times nine bounds.
ROOM = {"counter": 1 << 20, "histogram": 2 << 20}


def folder() -> Path:
    """Return where every process of this server keeps its figures."""
    return Path(os.environ.get(FOLDER) or settings.DATA_DIR / "metrics")


def begin_anew() -> None:
    """Throw away the figures of the last start, and have requests counted from now on.

    The library looks for the folder when it is imported: so this comes before the product loads.
    """
    kept = folder()
    with suppress(OSError):
        kept.mkdir(parents=True, exist_ok=True, mode=0o700)
        for file in kept.glob("*.db"):
            file.unlink()
        if _takes_room(kept):
            os.environ[FOLDER] = str(kept)
            settings.MIDDLEWARE = [FIGURES, *settings.MIDDLEWARE]


def take_part() -> None:
    """Count in this process too, a child of the one that began; its files get their room first."""
    if not is_counting():
        return
    kept = folder()
    _shrink_those_of_the_dead(kept)
    if not _takes_room(kept):
        settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != FIGURES]


def is_counting() -> bool:
    """Are requests counted by this process?"""
    return FIGURES in settings.MIDDLEWARE


def _takes_room(kept: Path) -> bool:
    for kind, size in ROOM.items():
        file = kept / f"{kind}_{os.getpid()}.db"
        try:
            with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
                os.posix_fallocate(out.fileno(), 0, size)
        except OSError:
            file.unlink(missing_ok=True)
            return False
    return True


def _shrink_those_of_the_dead(kept: Path) -> None:
    """Leave of a process that has ended its figures, and not its empty room."""
    for file in kept.glob("*_*.db"):
        pid = file.stem.rpartition("_")[2]
        if Path("/proc", pid).exists():
            continue
        with suppress(OSError, struct.error), file.open("r+b") as figures:
            (used,) = struct.unpack("i", figures.read(4))
            figures.truncate(max(used, 8))
