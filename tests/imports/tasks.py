"""What children do in tests that must not be done, or not be believed."""

from __future__ import annotations

import os
import socket
import time
from typing import Any, BinaryIO

from linli.core.documents.fork_server import say
from linli.core.documents.limits import Limits


def hang(_order: dict[str, Any], _data: bytes, _limits: Limits, _out: BinaryIO) -> None:
    time.sleep(60)


def stop_half_way(_order: dict[str, Any], _data: bytes, _limits: Limits, out: BinaryIO) -> None:
    say(out, {"sheets": [["a", False]], "chosen": 0})
    say(out, [1, ["x"]])


def break_out(_order: dict[str, Any], _data: bytes, _limits: Limits, out: BinaryIO) -> None:
    """Say what could be done that must not."""
    found = []
    for what in (lambda: socket.create_connection(("127.0.0.1", 9)), os.fork):
        try:
            what()
            found.append("could")
        except PermissionError:
            pass
    say(out, {"sheets": [[",".join(found), False]], "chosen": 0})
    say(out, [1, [1]])
    say(out, {"end": 1})
