"""What the child does with a table: answers a head, its filled rows and an end, line by line."""

from __future__ import annotations

import json
from typing import Any, BinaryIO

from linli.core.documents.fork_server import say
from linli.core.documents.limits import Limits
from linli.core.documents.stop_reading import StopReading
from linli.workbench.imports.child import kinds


def read(order: dict[str, Any], data: bytes, limits: Limits, out: BinaryIO) -> None:
    """Read one sheet."""
    head, rows = kinds.read_any_file(data, order["name"], order["sheet"], limits)
    say(out, head)
    count = 0
    for number, cells in rows:
        count += 1
        if limits.rows and count > limits.rows:
            raise StopReading("too_many_rows", most=limits.rows)
        out.write(json.dumps([number, cells], ensure_ascii=False).encode() + b"\n")
    say(out, {"end": count})
