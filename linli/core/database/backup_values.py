"""Values in an archive: the same text for the same value, whichever database it came from."""

from __future__ import annotations

import base64
import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from linli.core import canonical_json


def to_json(kind: str, value: Any) -> Any:
    """Return the archive's form of what a database holds in a column of a field of ``kind``."""
    if value is None:
        return None
    if kind in ("BooleanField", "NullBooleanField"):
        return bool(value)
    if kind == "DateTimeField":
        return _moment(value)
    if kind == "DecimalField":
        return _number(value)
    if kind == "JSONField":
        return canonical(kind, json.loads(value) if isinstance(value, str | bytes) else value)
    if kind == "UUIDField":
        # SQLite keeps the 32 digits as text, PostgreSQL has a type of its own.
        return UUID(str(value)).hex
    if kind == "DurationField":
        spent = value if isinstance(value, timedelta) else timedelta(microseconds=int(value))
        return spent // timedelta(microseconds=1)
    return _plain(value)


def canonical(kind: str, value: Any) -> Any:
    """Return the one spelling of an archive's value: archives until 0.2 kept the order of keys."""
    return canonical_json.canonical(value) if kind == "JSONField" else value


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return {"base64": base64.b64encode(bytes(value)).decode()}
    if isinstance(value, date | time):
        return value.isoformat()
    return value


def _moment(value: Any) -> str:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)  # SQLite keeps UTC without saying so
    return moment.astimezone(UTC).isoformat()


def _number(value: Any) -> str:
    # SQLite keeps 89.50 as the number 89.5: the places are the field's, not the value's.
    return format(Decimal(str(value)).normalize(), "f")


def from_json(kind: str, value: Any, vendor: str) -> Any:
    """Return what to give the database ``vendor`` for the archive's form of a value."""
    if value is None:
        return None
    if kind == "JSONField":
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict) and "base64" in value:
        return base64.b64decode(value["base64"])
    if kind == "DateTimeField" and vendor == "sqlite":
        # Django writes moments without offset on SQLite and compares them there as text.
        return str(datetime.fromisoformat(value).replace(tzinfo=None))
    if kind == "DurationField" and vendor == "postgresql":
        return timedelta(microseconds=value)
    return value
