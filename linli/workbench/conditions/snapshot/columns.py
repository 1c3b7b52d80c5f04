"""The flat row of a subject: which columns, from where, of which Arrow type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from linli.core.fields import Dictionary, Field, Kind

ARROW: dict[Kind, Any] = {
    Kind.NUMBER: pa.int64(),
    Kind.DATE: pa.date32(),
    Kind.FLAG: pa.bool_(),
    Kind.CHOICE: pa.string(),
    Kind.TEXT: pa.string(),
}
LEVEL_PATH, LEVEL_NAME = "{}_path", "{}_name"


@dataclass(frozen=True)
class SnapshotColumn:
    """One stored column: its key in the flat row and its column from the model."""

    key: str
    source: str
    type: Any


def arrow_type(field: Field) -> Any:
    """Return the Arrow type of a field."""
    if field.kind is Kind.NUMBER and field.decimals:
        # As wide as the column of an office's own numbers.
        return pa.decimal128(14, field.decimals)
    return ARROW[field.kind]


def stored_columns(subject: str, dictionary: Dictionary) -> list[SnapshotColumn]:
    """Return what is read of a subject: id, path, links and every stored fact.

    Of a sealed fact the blind index is read and never the value; one without index is left out.
    """
    about = dictionary.subject(subject)
    columns = [
        SnapshotColumn("id", "pk", pa.int64()),
        SnapshotColumn("scope_path", "scope_path", pa.string()),
    ]
    columns += [
        SnapshotColumn(key, source, pa.int64()) for key, source in (about.links or {}).items()
    ]
    for field in dictionary.fields_of(subject, all=True):
        if (
            not field.column
            or field.kind is Kind.PLACE
            or (field.sealed and not field.index_column)
        ):
            continue
        source = field.index_column if field.sealed else field.column
        columns.append(SnapshotColumn(field.key, source, arrow_type(field)))
    return columns


def levels_of(subject: str, dictionary: Dictionary) -> list[str]:
    """Return the levels of the place tree that a subject's rows name."""
    return [field.level for field in dictionary.fields_of(subject, all=True) if field.level]


def own_columns(subject: str, dictionary: Dictionary) -> list[Field]:
    """Return the facts that offices added about a subject."""
    fields = dictionary.fields_of(subject, all=True)
    return [field for field in fields if field.attribute is not None]


def schema(subject: str, dictionary: Dictionary) -> pa.Schema:
    """Return the schema of a subject's flat rows."""
    fields = [(column.key, column.type) for column in stored_columns(subject, dictionary)]
    for level in levels_of(subject, dictionary):
        fields += [(LEVEL_PATH.format(level), pa.string()), (LEVEL_NAME.format(level), pa.string())]
    fields += [(field.key, arrow_type(field)) for field in own_columns(subject, dictionary)]
    return pa.schema(fields)
