"""Two archives of one installation, before and after: what was lost or changed in between."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.upgrades import allowed

Row = dict[str, Any]
GONE = object()


@dataclass(frozen=True)
class StoredTable:
    """The rows of one table by their keys."""

    columns: tuple[str, ...]
    rows: dict[Any, Row]


@dataclass(frozen=True)
class Allowed:
    """What may differ, as ``allowed.py`` names it."""

    moved: Mapping[str, str]
    renamed: Mapping[str, str]
    changed: Mapping[str, allowed.Change]
    grows: Mapping[str, str]


ALLOWED = Allowed(allowed.MOVED, allowed.RENAMED, allowed.CHANGED_ON_PURPOSE, allowed.GROWS)
NOTHING = Allowed({}, {}, {}, {})


def tables_in(file: Path) -> dict[str, StoredTable]:
    """Read an archive of ``linli backup``; the tables are in the form of the code that wrote it."""
    with zipfile.ZipFile(file) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        return {table["name"]: _table(archive, table) for table in manifest["tables"]}


def _table(archive: zipfile.ZipFile, table: dict[str, Any]) -> StoredTable:
    columns = tuple(name for name, _kind in table["columns"])
    rows = {}
    for line in archive.read(f"tables/{table['name']}.jsonl").splitlines():
        row = dict(zip(columns, json.loads(line), strict=True))
        rows[row[table["key"]]] = row
    return StoredTable(columns, rows)


def losses(
    before: Mapping[str, StoredTable], after: Mapping[str, StoredTable], may: Allowed = ALLOWED
) -> list[str]:
    """Return in words every table, column, row and value that is not what it was."""
    return [line for name in sorted(before) for line in _of_table(name, before[name], after, may)]


def _of_table(
    name: str, then: StoredTable, after: Mapping[str, StoredTable], may: Allowed
) -> Iterator[str]:
    now = after.get(may.moved.get(name, name))
    if now is None:
        yield f"{name}: the table is gone"
        return
    pairs = []
    for column in then.columns:
        where = f"{name}.{column}"
        pairs.append((where, column, may.renamed.get(where, column)))
        if pairs[-1][2] not in now.columns and where not in may.changed:
            yield f"{where}: the column is gone"
            pairs.pop()
    for key, row in then.rows.items():
        if key not in now.rows:
            yield f"{name} {key}: the row is gone"
            continue
        for where, column, today in pairs:
            was, row_now = row[column], now.rows[key]
            if was == row_now.get(today, GONE):
                continue
            if where not in may.changed or not may.changed[where].fits(was, row_now):
                yield f"{where} {key}: {was!r} → {row_now.get(today)!r}"
    if name not in may.grows and name not in may.moved and name not in may.moved.values():
        yield from (f"{name} {key}: the row is new" for key in now.rows if key not in then.rows)
