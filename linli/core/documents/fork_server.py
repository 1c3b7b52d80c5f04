"""The warm process that children are forked from, and what a child does.

It is started without key, database and environment, leaves the network, imports the parsers once,
and then forks for every document a child that sets its limits before the first byte is read. A
child imports nothing of Django. Each order comes with its own files and its own reply socket, so
that the order of answers does not matter and nobody waits for another's document.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import gc
import importlib
import json
import os
import resource
import signal
import socket
import sys
import time
from typing import Any, BinaryIO, NoReturn

from linli.core.documents.limits import Limits
from linli.core.documents.stop_reading import StopReading

NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000
PARSERS = (
    "docx",
    "openpyxl",
    "python_calamine",
    "lxml.etree",
    "PIL.Image",
    "PIL.ImageOps",
    "PIL.JpegImagePlugin",
    "PIL.PngImagePlugin",
    "PIL.WebPImagePlugin",
    "PIL.GifImagePlugin",
    "PIL.BmpImagePlugin",
    "xml.parsers.expat",
    "csv",
    "zipfile",
    "linli.core.documents.zip_archives",
)
# How a child ends: well, over its memory or room, in a way nobody foresaw; the rest are signals.
WELL, OVER, BADLY = 0, 3, 1
TOO_SLOW = -int(signal.SIGXCPU)
BEGUN = b"begun"  # what is said as soon as an order is taken
REPLY, ORDER, GIVEN, ANSWER, ERRORS = range(5)


def main() -> None:
    """Get warm, then fork a child for every order until nobody holds the other end."""
    control = socket.socket(fileno=os.dup(0))
    _let_go_of_standard_input()
    # openpyxl takes numpy where it is there; no document needs it.
    sys.modules["numpy"] = None  # type: ignore[assignment]
    for name in PARSERS:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    _leave_the_network()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # those who watch a child end unwaited for
    # Or the collector would write to the pages that children share with this process.
    gc.freeze()
    while True:
        try:
            module, files, _flags, _from = socket.recv_fds(control, 400, 5)
        except InterruptedError:
            continue
        if not module:
            return
        with contextlib.suppress(
            Exception
        ):  # imported once, here; what is wrong shows in the child
            importlib.import_module(module.decode())
        if len(files) == 5 and os.fork() == 0:
            control.close()
            _watch(files)
        for file in files:
            os.close(file)


def _let_go_of_standard_input() -> None:
    """It is the control: a child that outlived us would hold it, and orders lie there unread."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)


def _leave_the_network() -> None:
    # Where the kernel forbids it, the hook of each child still refuses sockets.
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).unshare(NEW_USER | NEW_NETWORK)


def _watch(files: list[int]) -> NoReturn:
    """Say that the order was taken; fork the child, end it in time, and say how it ended."""
    try:
        os.write(files[REPLY], BEGUN)
        order = json.loads(_all_of(files[ORDER]))
        limits = Limits(**order["limits"])
        # Inherited, SIG_IGN would take the child away before wait4 has its exit code; blocked, the
        # signal waits for sigtimedwait.
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        child = os.fork()
        if child == 0:
            os.close(files[REPLY])
            _work(order, limits, files)
        code, peak = _ended(child, limits.wall_seconds)
        os.write(files[REPLY], json.dumps([code, peak]).encode())
    finally:
        os._exit(0)


def _all_of(file: int) -> bytes:
    return os.pread(file, os.fstat(file).st_size, 0)


def _ended(child: int, seconds: float) -> tuple[int, int]:
    """Wait for the child; return its exit code or minus its signal, and its peak in KiB."""
    until = time.monotonic() + seconds if seconds else float("inf")
    while True:
        done, status, used = os.wait4(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status), used.ru_maxrss
        left = until - time.monotonic()
        if left <= 0:
            for end in (os.killpg, os.kill):  # it may not have a group of its own yet
                with contextlib.suppress(ProcessLookupError):
                    end(child, signal.SIGKILL)
            _pid, _status, used = os.wait4(child, 0)
            return TOO_SLOW, used.ru_maxrss
        signal.sigtimedwait({signal.SIGCHLD}, min(left, 60))


def _work(order: dict[str, Any], limits: Limits, files: list[int]) -> NoReturn:
    """Set the limits, read, answer; whatever is not foreseen is only an exit code."""
    code = BADLY
    try:
        os.setsid()
        for number, file in enumerate((GIVEN, ANSWER, ERRORS)):
            os.dup2(files[file], number)
        os.closerange(3, 256)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        _limit(limits)
        sys.addaudithook(_refuse)
        with open(1, "wb", closefd=False) as out:
            code = _answer(order, limits, out)
    except MemoryError:
        code = OVER
    except OSError as wrong:
        # EFBIG is our own limit on the answer.
        code = OVER if wrong.errno in (errno.EFBIG, errno.ENOMEM) else BADLY
    except BaseException as wrong:
        os.write(2, type(wrong).__name__.encode())  # its words may be somebody's
    finally:
        os._exit(code)


def _limit(limits: Limits) -> None:
    wanted = {
        resource.RLIMIT_AS: (limits.memory, limits.memory),
        # The soft limit ends it by SIGXCPU, which is told as too slow; the hard one by SIGKILL.
        resource.RLIMIT_CPU: (limits.cpu_seconds, limits.cpu_seconds + 1),
        resource.RLIMIT_FSIZE: (limits.output, limits.output),
    }
    for kind, most in wanted.items():
        if most[0]:
            resource.setrlimit(kind, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _refuse(event: str, _details: Any) -> None:
    if event.startswith(("socket.", "subprocess.", "os.exec", "os.fork", "os.system")):
        raise PermissionError(event)


def _answer(order: dict[str, Any], limits: Limits, out: BinaryIO) -> int:
    """Run the task of an order: ``module:function`` of (order, data, limits, out)."""
    module, _mark, name = order["task"].partition(":")
    try:
        task = getattr(importlib.import_module(module), name)
        task(order["order"], _all_of(0), limits, out)
    except StopReading as stop:
        say(out, {"refused": stop.code, "words": stop.words})
    except MemoryError:
        say(out, {"refused": "too_much_memory"})
    except OSError as wrong:
        if wrong.errno == errno.EFBIG:
            return OVER
        no_room = wrong.errno in (errno.ENOSPC, errno.EDQUOT)
        say(out, {"refused": "no_room" if no_room else "broken"})
    return WELL


def say(out: BinaryIO, line: Any) -> None:
    """Answer one line of JSON."""
    out.write(json.dumps(line, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n")
    out.flush()
