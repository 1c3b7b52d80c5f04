"""Zips, which documents of Office are: measured before any part is parsed; runs in the child."""

from __future__ import annotations

import io
import zipfile

from linli.core.documents.limits import MIB, Limits
from linli.core.documents.stop_reading import StopReading

CHUNK = 1 << 18
ENCRYPTED_FLAG = 0x1


def measure(box: zipfile.ZipFile, size: int, limits: Limits) -> None:
    """Refuse a bomb by what it declares, then by what really comes out."""
    members = box.infolist()
    if limits.members and len(members) > limits.members:
        raise StopReading("too_many_parts")
    if any(member.flag_bits & ENCRYPTED_FLAG for member in members):
        raise StopReading("password")
    _judge(sum(member.file_size for member in members), size, limits)
    total = 0
    for member in members:
        try:
            with box.open(member) as part:
                while piece := part.read(CHUNK):
                    total += len(piece)
                    _judge(total, size, limits)
        except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, RuntimeError) as bad:
            raise StopReading("broken") from bad
        except Exception as bad:  # zlib.error and kin have no common parent
            if isinstance(bad, StopReading | MemoryError):
                raise
            raise StopReading("broken") from bad


def names_in(data: bytes) -> list[str]:
    """Return the names of a zip's parts; what is no zip has none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as box:
            return box.namelist()
    except Exception as wrong:  # a list of files that was harmed ends in anything
        if isinstance(wrong, MemoryError):
            raise
        return []


def _judge(expanded: int, size: int, limits: Limits) -> None:
    too_large = limits.expanded and expanded > limits.expanded
    # A short text may pack beyond any ratio; a bomb is dense and large.
    too_dense = limits.ratio and expanded > max(limits.ratio_from, limits.ratio * size)
    if too_large or too_dense:
        raise StopReading("bomb", expanded=expanded // MIB)
