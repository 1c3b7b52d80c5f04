"""From the database to Arrow: flat rows of one subject, all of them or those that changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import pyarrow as pa

from linli.core.fields import Dictionary, Field
from linli.register.places.models import Place
from linli.register.places.terms import PlaceKind
from linli.workbench.conditions.models import OwnFieldValue
from linli.workbench.conditions.own_fields import COLUMNS, LINKS
from linli.workbench.conditions.places import spoken_name
from linli.workbench.conditions.snapshot.columns import (
    levels_of,
    own_columns,
    schema,
    stored_columns,
)
from linli.workbench.conditions.subjects import model_of

AT_ONCE = 20_000
IDS_AT_ONCE = 5_000
# Whose change changes the flat row of a subject, by the path from its model.
CHANGES_WITH: dict[str, tuple[str, ...]] = {
    "person": (
        "",
        "household__",
        "home__",
        "home__dwelling_facts__",
        "home__dwelling_facts__building__building_facts__",
    ),
    "household": (
        "",
        "head__",
        "dwelling__",
        "dwelling__dwelling_facts__",
        "dwelling__dwelling_facts__building__building_facts__",
    ),
    "dwelling": ("", "place__", "building__building_facts__"),
    "building": ("", "place__"),
    "facility": ("", "place__"),
}

Levels = dict[str, tuple[str, str]]
NOWHERE: tuple[str | None, str | None] = (None, None)


def places_above() -> PlacesAbove:
    """Return every place above the dwellings, ready to be looked up by path."""
    places = Place.objects.exclude(kind=PlaceKind.DWELLING)
    levels = {
        path: (kind, spoken_name(kind, name, address))
        for path, kind, name, address in places.values_list("path", "kind", "name", "address")
    }
    return PlacesAbove(levels)


def changed_ids(subject: str, dictionary: Dictionary, since: datetime) -> list[int]:
    """Return the ids of the rows that changed, or whose household, home or building did."""
    model = model_of(dictionary.subject(subject))
    ids: set[int] = set()
    for through in CHANGES_WITH.get(subject, ("",)):
        changed = model.objects.filter(**{f"{through}changed_at__gte": since})
        ids.update(changed.order_by().values_list("pk", flat=True))
    if subject not in LINKS:
        return sorted(ids)
    values = OwnFieldValue.objects.filter(changed_at__gte=since, attribute__subject=subject)
    ids.update(key for key in values.values_list(LINKS[subject], flat=True) if key is not None)
    return sorted(ids)


def batches(
    subject: str, dictionary: Dictionary, places: PlacesAbove, ids: Collection[int] | None = None
) -> Iterator[pa.RecordBatch]:
    """Read flat rows, all or those with the ids, a batch at a time."""
    stored = stored_columns(subject, dictionary)
    own = own_columns(subject, dictionary)
    shape, above = schema(subject, dictionary), levels_of(subject, dictionary)
    for rows in _read(subject, dictionary, [column.source for column in stored], ids):
        columns: list[Sequence[Any]] = [list(values) for values in zip(*rows, strict=True)]
        columns += places.columns(columns[1], above)
        columns += _own_columns(subject, own, columns[0])
        arrays = [pa.array(values, of) for values, of in zip(columns, shape.types, strict=True)]
        yield pa.RecordBatch.from_arrays(arrays, schema=shape)


def _read(
    subject: str, dictionary: Dictionary, sources: list[str], ids: Collection[int] | None
) -> Iterator[list[tuple[Any, ...]]]:
    rows = model_of(dictionary.subject(subject)).objects.order_by("pk").values_list(*sources)
    if ids is None:
        every = rows.iterator(chunk_size=AT_ONCE)
        while batch := list(islice(every, AT_ONCE)):
            yield batch
        return
    wanted = sorted(ids)
    for start in range(0, len(wanted), IDS_AT_ONCE):
        batch = list(rows.filter(pk__in=wanted[start : start + IDS_AT_ONCE]))
        if batch:
            yield batch


class PlacesAbove:
    """Which places of each level stand above a path; neighbours share one answer."""

    def __init__(self, levels: Levels) -> None:
        self._levels = levels
        self._known: dict[str, dict[str, tuple[str, str]]] = {"": {}}

    def of(self, path: str) -> dict[str, tuple[str, str]]:
        """Return (path, name) by level."""
        if path not in self._levels and path not in self._known:
            # A dwelling: what stands above it stands above its neighbours too.
            return self.of(path[: path.rfind("/", 0, -1) + 1])
        if path not in self._known:
            kind, name = self._levels[path]
            above = self.of(path[: path.rfind("/", 0, -1) + 1])
            self._known[path] = above | {kind: (path, name)}
        return self._known[path]

    def columns(self, paths: Sequence[str], wanted: list[str]) -> list[list[str | None]]:
        """Return path and name of every wanted level, column by column."""
        rows = [self.of(path) for path in paths]
        filled: list[list[str | None]] = []
        for level in wanted:
            here = [row.get(level, NOWHERE) for row in rows]
            filled += [[path for path, _ in here], [name for _, name in here]]
        return filled


def _own_columns(subject: str, own: list[Field], ids: Sequence[int]) -> list[list[Any]]:
    if not own:
        return []
    link = LINKS[subject]
    filled = []
    for field in own:
        column = COLUMNS[field.kind]
        known = OwnFieldValue.objects.filter(
            # A range instead of thousands of keys; what lies between is read in vain.
            **{"attribute_id": field.attribute, f"{link}__gte": ids[0], f"{link}__lte": ids[-1]}
        ).values_list(link, column)
        values = dict(known)
        filled.append([values.get(each) for each in ids])
    return filled


def count_rows(subject: str, dictionary: Dictionary) -> int:
    """Return how many rows there are."""
    return int(model_of(dictionary.subject(subject)).objects.order_by().count())


def all_ids(subject: str, dictionary: Dictionary) -> list[int]:
    """Return every id there is: what the snapshot has beside them is gone."""
    rows = model_of(dictionary.subject(subject)).objects.order_by("pk")
    return list(rows.values_list("pk", flat=True))
