"""A task that a child does in tests."""

from __future__ import annotations

from typing import Any, BinaryIO

from linli.core.documents.fork_server import say
from linli.core.documents.limits import Limits


def greet(_order: dict[str, Any], _data: bytes, _limits: Limits, out: BinaryIO) -> None:
    say(out, {"said": "hello"})
