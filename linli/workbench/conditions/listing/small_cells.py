"""Declared figures: what somebody who may not list the rows is told, so that no row is told.

Cells below five are hidden, and as many more as it takes that no sum, whole or complement shown
beside them gives one back. A table with its sums is a round of streams: from the whole into rows,
through cells into columns, back into the whole. A hidden cell is safe when the stream can be led
another way round without any shown number changing; that is looked for, and where there is no way
the cheapest shown number on one is hidden too. Known limit: several tables that share more than
their whole are protected apart.

    declared([[3, 40], [20, 31]]).cells -> (("＜5", "—"), ("—", "—")) and the sums that stay
    declared_parts([3, 37]).cells -> a whole and its parts, in one row
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from linli.workbench.conditions.rules import FEWEST_SHOWN, is_small

FEW, KEPT_BACK = "＜5", "—"
WHOLE_OUT, WHOLE_IN = "whole out", "whole in"
Spot = tuple[str, int] | str
UNBOUNDED = 10**9


@dataclass
class Stream:
    """One number of the table: a cell, the sum of a row or a column, the whole."""

    start: Spot
    end: Spot
    count: int
    is_hidden: bool = False

    @property
    def is_few(self) -> bool:
        """Is it hidden for its own sake?"""
        return is_small(count=self.count)

    def room(self, up: int) -> bool:
        """Could it be one more (1) or one less (-1), as far as its sign tells?"""
        low, high = (0, FEWEST_SHOWN - 1) if self.is_few else (FEWEST_SHOWN, UNBOUNDED)
        return low <= self.count + up <= high

    @property
    def text(self) -> str:
        """Say it as it may be shown."""
        if not self.is_hidden:
            return f"{self.count:,}"
        return FEW if self.is_few else KEPT_BACK


@dataclass(frozen=True)
class DeclaredTable:
    """A table as it may be shown: texts by row, the sums of rows and columns, the whole."""

    cells: tuple[tuple[str, ...], ...]
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    whole: str


def declared(counts: Sequence[Sequence[int]], *, complementary: bool = True) -> DeclaredTable:
    """Return a table of counts with its small numbers hidden beyond recovery.

    ``complementary`` off hides the small ones alone: that is for the test that must then fail.
    """
    width = len(counts[0]) if counts else 0
    cells = [
        [Stream(("row", r), ("column", c), n) for c, n in enumerate(row)]
        for r, row in enumerate(counts)
    ]
    rows = [Stream(WHOLE_OUT, ("row", r), sum(row)) for r, row in enumerate(counts)]
    columns = [Stream(("column", c), WHOLE_IN, sum(row[c] for row in counts)) for c in range(width)]
    whole = Stream(WHOLE_IN, WHOLE_OUT, sum(map(sum, counts)))
    streams = [*(one for row in cells for one in row), *rows, *columns, whole]
    for stream in streams:
        stream.is_hidden = stream.is_few
    if complementary:
        _protect(streams)
    return DeclaredTable(
        tuple(tuple(one.text for one in row) for row in cells),
        tuple(one.text for one in rows),
        tuple(column.text for column in columns),
        whole.text,
    )


def declared_parts(counts: Sequence[int]) -> DeclaredTable:
    """Return a whole and its parts: a group and all the others is the commonest."""
    return declared([counts])


def _protect(streams: list[Stream]) -> None:
    """Hide more until every hidden number could be another one."""
    for stream in sorted((s for s in streams if s.is_hidden), key=lambda s: -s.count):
        ways = [way for up in (1, -1) if (way := _way_round(stream, up, streams)) is not None]
        if not ways:
            for other in streams:
                other.is_hidden = True
            return
        for other in min(ways, key=lambda way: way[0])[1]:
            other.is_hidden = True


def _way_round(hidden: Stream, up: int, streams: list[Stream]) -> tuple[int, list[Stream]] | None:
    """Return the cheapest other streams that could balance one more or less of a hidden one."""
    if not hidden.room(up):
        return None
    # One more through it has to come back from its end to its start; one less the other way.
    begin, goal = (hidden.end, hidden.start) if up > 0 else (hidden.start, hidden.end)
    best: dict[Spot, int] = {begin: 0}
    queue: list[tuple[int, int, Spot, list[Stream]]] = [(0, 0, begin, [])]
    tried = 0
    while queue:
        cost, _number, spot, way = heapq.heappop(queue)
        if spot == goal:
            return cost, way
        for there, stream in _onwards(spot, hidden, streams):
            # What is hidden anyway costs nothing; of shown numbers few and small ones go first.
            more = cost + (0 if stream.is_hidden else 1 + stream.count)
            if more < best.get(there, UNBOUNDED):
                best[there] = more
                tried += 1
                # The number decides between equal costs: a spot may be a text or a pair.
                heapq.heappush(queue, (more, tried, there, [*way, stream]))
    return None


def _onwards(spot: Spot, but: Stream, streams: list[Stream]) -> Iterator[tuple[Spot, Stream]]:
    for stream in streams:
        if stream is but:
            continue
        if stream.start == spot and stream.room(1):
            yield stream.end, stream
        if stream.end == spot and stream.room(-1):
            yield stream.start, stream
