"""A list of records as every app describes it: its columns, its rows, how it is sorted and paged.

A desk shows it as a table with the record beside it, a phone as cards. The page says which columns
there are for this post; only of those that say how may be sorted: what may not be seen is no
column, and what is shown covered has no order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from linli.core.interface.registry import Words

SORT, COLUMNS = "sort", "cols"


@dataclass(frozen=True)
class ListColumn:
    """A column of a list. ``order`` says how it sorts: fields of the query, or a key of a row.

    ``extra`` may be left out by whoever reads, and gives way when a record stands beside the list;
    one of the ``desk`` is left out on a phone, where its value would stand without its label.
    """

    key: str
    label: Words
    kind: str = "text"
    order: tuple[str, ...] | Callable[[Any], Any] = ()
    extra: bool = False
    desk: bool = False

    @property
    def css(self) -> str:
        """Return the classes of its cells."""
        marks = {"number": self.kind == "number", "col-extra": self.extra, "col-desk": self.desk}
        return " ".join(name for name, holds in marks.items() if holds)


@dataclass(frozen=True)
class ListRow:
    """One record: the key a tick sends, where it opens, a cell for each column by its key.

    Rows with the same ``group`` stand below one heading, where the list is in its own order.
    """

    key: int
    href: str
    cells: Mapping[str, Any]
    group: Words = ""


@dataclass(frozen=True)
class Sorting:
    """What is asked of a list in its address: the order, and which columns are shown."""

    columns: tuple[ListColumn, ...]
    by: ListColumn | None
    descending: bool
    shown: tuple[ListColumn, ...]
    query: QueryDict

    @property
    def order(self) -> tuple[str, ...]:
        """Return the fields to order a query by; nothing for the list's own order."""
        if self.by is None or callable(self.by.order):
            return ()
        if not self.descending:
            return self.by.order
        return tuple(name[1:] if name[:1] == "-" else f"-{name}" for name in self.by.order)

    def sorted(self, rows: Iterable[Any]) -> list[Any]:
        """Return rows by the key of the column asked for; what has no value stands last."""
        listed, by = list(rows), self.by
        if by is None or not callable(by.order):
            return listed
        known = [row for row in listed if by.order(row) is not None]
        unknown = [row for row in listed if by.order(row) is None]
        return sorted(known, key=by.order, reverse=self.descending) + unknown

    def href(self, column: ListColumn) -> str:
        """Return the address that sorts by a column, the other way round when it does already."""
        if not column.order:
            return ""
        query = self.query.copy()
        for gone in ("page", "open"):
            query.pop(gone, None)
        down = column == self.by and not self.descending
        query[SORT] = f"-{column.key}" if down else column.key
        return f"?{query.urlencode()}"

    def direction(self, column: ListColumn) -> str:
        """Say which way a column is sorted now."""
        if column != self.by:
            return ""
        return "descending" if self.descending else "ascending"


def sorting(query: QueryDict, columns: Sequence[ListColumn]) -> Sorting:
    """Read what is asked of a list; a key that is no column here, or has no order, is ignored."""
    asked = query.get(SORT, "")
    by = next((one for one in columns if one.key == asked.lstrip("-") and one.order), None)
    wanted = query.getlist(COLUMNS)
    shown = [one for one in columns if not one.extra or not wanted or one.key in wanted]
    return Sorting(tuple(columns), by, asked.startswith("-"), tuple(shown), query)


@dataclass(frozen=True)
class RecordList:
    """What ``{% record_list %}`` draws; ``found`` is how many there are on all its pages.

    ``key`` names the registered list (``core/interface/bulk.py``) whose verbs stand at its foot.
    """

    caption: Words
    sorting: Sorting
    rows: Sequence[ListRow]
    found: int | None = None
    key: str = ""
    page: Any = None
    empty: Words = ""
    empty_note: Words = ""
    kept: Sequence[tuple[str, str]] = field(default_factory=tuple)
