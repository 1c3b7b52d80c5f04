"""The child process: reads one file from its standard input, answers lines of JSON, and ends.

It holds no key, no database and no network, and imports nothing of Django. Whatever a hostile
file does to the parser happens here, under the limits that ``main`` sets before the first byte.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import json
import resource
import sys
from typing import Any

from linli.workbench.imports.reading.limits import Limits
from linli.workbench.imports.reading.stop import Stop

NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000


def main() -> None:
    """Set the limits, read, answer; an exit code other than 0 means the parent must guess why."""
    given = json.loads(sys.argv[1])
    limits = Limits(**given["limits"])
    _limit(limits)
    _cut_the_network()
    try:
        _answer(given, limits)
    except Stop as stop:
        _say({"refused": stop.code, "words": stop.words})
    except MemoryError:
        _say({"refused": "too_much_memory"})
    except OSError as wrong:
        no_room = wrong.errno in (errno.ENOSPC, errno.EDQUOT)
        _say({"refused": "no_room" if no_room else "too_much_memory"})


def _limit(limits: Limits) -> None:
    wanted = {
        resource.RLIMIT_AS: limits.memory,
        resource.RLIMIT_CPU: limits.cpu_seconds,
        resource.RLIMIT_FSIZE: limits.output,
    }
    for kind, most in wanted.items():
        if most:
            resource.setrlimit(kind, (most, most))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _cut_the_network() -> None:
    """Leave the network where the kernel allows it; refuse sockets in Python in any case."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).unshare(NEW_USER | NEW_NETWORK)

    def refuse(event: str, _details: Any) -> None:
        if event.startswith(("socket.", "subprocess.", "os.exec", "os.fork", "os.system")):
            raise PermissionError(event)

    sys.addaudithook(refuse)


def _say(line: Any) -> None:
    sys.stdout.buffer.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
    sys.stdout.buffer.flush()


def _answer(given: dict[str, Any], limits: Limits) -> None:
    from linli.workbench.imports.reading import kinds

    data = sys.stdin.buffer.read()
    write = sys.stdout.buffer.write
    count = 0
    head, rows = kinds.opened(data, given["name"], given["sheet"], limits)
    _say(head)
    for number, cells in rows:
        count += 1
        if limits.rows and count > limits.rows:
            raise Stop("too_many_rows", most=limits.rows)
        write(json.dumps([number, cells], ensure_ascii=False).encode() + b"\n")
    _say({"end": count})
