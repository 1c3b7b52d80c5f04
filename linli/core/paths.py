"""Materialised paths: every segment ends with "/", so "everything below" is one index range."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

SEGMENT_END = "/"
AFTER_SEGMENT_END = "0"  # the character that follows "/" in every byte order
MAX_PATH = 160


def path_after(path: str) -> str:
    """Return the first path that sorts after everything below ``path``."""
    if not path.endswith(SEGMENT_END):
        raise ValueError(f"a path ends with {SEGMENT_END!r}: {path!r}")
    return path[:-1] + AFTER_SEGMENT_END


def is_below(path: str, above: str) -> bool:
    """Is ``path`` the place ``above`` or a place below it?"""
    return path.startswith(above)


def ancestors(path: str) -> list[str]:
    """Return the paths of everything above ``path``, outermost first, without itself."""
    parts = path.split(SEGMENT_END)[:-1]
    return [SEGMENT_END.join(parts[:n]) + SEGMENT_END for n in range(1, len(parts))]


def outermost(paths: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """Drop every path that lies below another one."""
    outer: list[str] = []
    # Sorted, a path comes right before everything below it.
    for path in sorted(set(paths)):
        if not outer or not path.startswith(outer[-1]):
            outer.append(path)
    return tuple(outer)


def counted_below(places: Sequence[Any], paths: Iterable[str]) -> Mapping[int, int]:
    """Return how many of the paths lie at or below each place: {key of the place: number}."""
    ordered = sorted(paths)
    return {
        place.pk: bisect_left(ordered, path_after(place.path)) - bisect_left(ordered, place.path)
        for place in places
    }


class PathField(models.CharField):  # type: ignore[type-arg]
    """A materialised path, compared byte by byte on every database."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", MAX_PATH)
        super().__init__(*args, **kwargs)

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, Any]:
        """Ask PostgreSQL for the "C" order; SQLite compares bytes already."""
        parameters: dict[str, Any] = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters
