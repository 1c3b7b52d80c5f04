"""Every sealed value of the database: can it be opened?

Tables are read by key in batches, so that a large register needs little memory and nothing waits.
Only labels and keys of rows are told, never a value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models

from linli.core.database import raw_sql, row_security
from linli.core.personal_data.crypto import CannotOpen, EncryptedText, open_file

AT_ONCE, MOST_KEYS = 500, 5
SEALED = b"gAAAAA"  # how every sealing begins


@dataclass
class UnopenedColumn:
    """The values of one column that cannot be opened: how many, and the first keys."""

    label: str
    count: int = 0
    keys: list[Any] = field(default_factory=list)


@dataclass
class SealedValuesReport:
    """How many sealed values were looked at, and which columns hold some that do not open."""

    seen: int = 0
    unreadable: list[UnopenedColumn] = field(default_factory=list)


def look_at_all() -> SealedValuesReport:
    """Try to open every sealed value, in columns of sealed text and wherever a file is sealed."""
    looked = SealedValuesReport()
    for model in apps.get_models():
        for column in model._meta.concrete_fields:
            if isinstance(column, models.TextField | models.BinaryField):
                _look_at(model, column, looked)
    return looked


def _look_at(model: type[models.Model], column: Any, looked: SealedValuesReport) -> None:
    is_sealed = isinstance(column, EncryptedText)
    label = f"{model._meta.verbose_name}·{column.verbose_name}"
    unopened = UnopenedColumn(label)
    for key, value in _values(model, column, everything=is_sealed):
        if not (is_sealed or value.startswith(SEALED)):
            continue
        looked.seen += 1
        try:
            open_file(value)
        except CannotOpen:
            unopened.count += 1
            unopened.keys = [*unopened.keys, key][:MOST_KEYS]
    if unopened.count:
        looked.unreadable.append(unopened)


def _values(
    model: type[models.Model], column: Any, *, everything: bool
) -> Iterator[tuple[Any, bytes]]:
    """Return keys and what stands there, as bytes, in the order of keys."""
    table, name = model._meta.db_table, column.column
    key = model._meta.pk.column
    empty: Any = b"" if isinstance(column, models.BinaryField) else ""
    last: Any = None
    while True:
        after = "" if last is None else f'AND "{key}" > %s '
        sql = (
            f'SELECT "{key}", "{name}" FROM "{table}" WHERE "{name}" <> %s {after}'  # noqa: S608
            f'ORDER BY "{key}" LIMIT {AT_ONCE if everything else AT_ONCE // 10}'
        )
        parameters = [empty] if last is None else [empty, last]
        with row_security.as_owner():
            # Not by the ORM, which would open them, and as the owner: every scope is looked at.
            page = raw_sql.run(sql, parameters, reason="can every sealed value be opened")
        if not page:
            return
        for row, value in page:
            yield row, value.encode() if isinstance(value, str) else bytes(value)
        last = page[-1][0]
