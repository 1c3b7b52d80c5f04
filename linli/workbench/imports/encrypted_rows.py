"""What is kept of rows and files: sealed, and opened again."""

from __future__ import annotations

import json
from typing import Any

from linli.core.personal_data.crypto import CannotOpen, keyring, open_file, open_json


def encode_row(said: dict[str, Any]) -> str:
    """Return what a row says as text; the column seals it."""
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def decode_row(text: str) -> dict[str, Any]:
    """Read what a row says."""
    row: dict[str, Any] = open_json(text)
    return row


def opened_or_none(text: str) -> dict[str, Any] | None:
    """Read what a row says, for a list of many; None when it cannot be opened."""
    try:
        return decode_row(text)
    except CannotOpen:
        return None


def sealed_file(data: bytes) -> bytes:
    """Seal a file."""
    return keyring().encrypt(data)


def opened_file(sealed: bytes | memoryview) -> bytes:
    """Open a sealed file; one that was purged is empty."""
    return open_file(sealed)
