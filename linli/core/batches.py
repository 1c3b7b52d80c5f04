"""Long lists cut into pieces: a query of SQLite takes so many parameters and no more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
K = TypeVar("K", int, str)
AT_ONCE = 500


def in_batches(items: Iterable[T], size: int = AT_ONCE) -> Iterator[list[T]]:
    """Yield lists of at most ``size``, as the items come."""
    coming = iter(items)
    while batch := list(islice(coming, size)):
        yield batch


def keys_in_batches(keys: Iterable[K]) -> Iterator[list[K]]:
    """Yield keys in order, each once, as many as one query may name."""
    return in_batches(sorted(set(keys)))
