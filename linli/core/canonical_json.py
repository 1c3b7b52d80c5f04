"""One spelling of JSON, whichever database it was read back from: what is hashed is spelled so.

PostgreSQL's jsonb orders keys by their length, writes 1e22 out in digits and knows no -0.0.
"""

from __future__ import annotations

import json
from typing import Any


def canonical(value: Any) -> Any:
    """Return the value as any database would give it back: keys as sorted text, plain numbers."""
    # Twice: sorting is of the keys as they are, and 10 comes before 9 only once both are text.
    plain = json.loads(json.dumps(value), parse_float=_number)
    return json.loads(json.dumps(plain, sort_keys=True))


def canonical_text(value: Any) -> str:
    """Return the one text of a value, to be hashed or compared."""
    plain = canonical(value)
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _number(digits: str) -> float | int:
    number = float(digits)
    # From 1e16 on Python writes a power of ten, and every such number is whole.
    return int(number) if "e+" in repr(number) else number or 0.0
