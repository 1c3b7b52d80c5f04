"""The one door to the process that reads documents; it stays shut while a transaction is open."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import IO, Any

from django.db import connections

from linli.core.documents.fork_server import BEGUN, OVER, TOO_SLOW
from linli.core.documents.limits import Limits

ROOT = Path(__file__).resolve().parents[3]
START = (
    f"import sys; sys.path.insert(0, {str(ROOT)!r});"
    "from linli.core.documents.fork_server import main; main()"
)
# Two files at once are enough for an office and bound the memory of all children together.
AT_ONCE = 2
SLACK = 30.0  # the warm process imports the parsers before it forks the first child
# Parsers written in C do not raise MemoryError: the process aborts or crashes instead.
OF_MEMORY = {-signal.SIGABRT, -signal.SIGKILL, -signal.SIGSEGV, -signal.SIGBUS, OVER}
_queues: defaultdict[str, BoundedSemaphore] = defaultdict(lambda: BoundedSemaphore(AT_ONCE))


class ReadUnderTransaction(RuntimeError):
    """A document was to be read while a transaction, and with it the write lock, is held."""


class NotRead(Exception):
    """A document was not read: ``code`` says why, ``words`` fill the sentence."""

    def __init__(self, code: str, words: Mapping[str, Any] | None = None) -> None:
        super().__init__(code)
        self.code, self.words = code, dict(words or {})


@dataclass(frozen=True)
class ChildExit:
    """How a child ended: its exit code or minus its signal, its words, its peak in KiB."""

    code: int
    said: bytes = b""
    peak: int = 0

    @property
    def why(self) -> str:
        """Return the code of what ended it."""
        if self.code == TOO_SLOW:
            return "too_slow"
        return "too_much_memory" if self.code in OF_MEMORY or b"emory" in self.said else "broken"


@dataclass(frozen=True)
class ChildAnswer:
    """What a child read: its first line, and the bytes after it."""

    head: dict[str, Any]
    rest: bytes = b""


@dataclass
class _Server:
    """The warm process of this process; after a fork the new one gets its own."""

    lock: Lock = field(default_factory=Lock)
    owner: int = 0
    control: socket.socket | None = None
    process: subprocess.Popen[bytes] | None = None

    def send(
        self, module: str, files: list[int], dead: subprocess.Popen[bytes] | None = None
    ) -> subprocess.Popen[bytes] | None:
        """Hand an order over, to a new process where the last is dead; return who has it."""
        with self.lock:
            if self.owner != os.getpid() or self.control is None or self.process is dead:
                self._start()
            try:
                self._hand_over(module, files)
            except OSError:
                self._start()
                self._hand_over(module, files)
            return self.process

    def _hand_over(self, module: str, files: list[int]) -> None:
        assert self.control is not None  # noqa: S101 - for the type checker
        socket.send_fds(self.control, [module.encode()], files)

    def _start(self) -> None:
        if self.owner == os.getpid():
            self.end()
        # Packets and not a stream: one order is one packet, and its files come with it.
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.owner = os.getpid()
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own code
                [sys.executable, "-I", "-B", "-c", START],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={"LANG": "C.UTF-8"},
                cwd="/",
                start_new_session=True,
                close_fds=True,
            )

    def end(self) -> None:
        """Let the warm process end, which it does when nobody holds the other end."""
        # A forked web process holds the other's socket, and must not end its warm process.
        if self.owner != os.getpid() or self.control is None:
            return
        self.control.close()
        self.control = None
        if self.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(5)


_server = _Server()
atexit.register(_server.end)


def forbid_transaction() -> None:
    """Raise when a transaction is open here: a slow document would hold its lock against all.

    The transaction that Django's own test cases wrap around everything is not counted.
    """
    for connection in connections.all(initialized_only=True):
        if any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
            raise ReadUnderTransaction("read the document before the transaction begins")


@contextmanager
def running(
    task: str, order: Mapping[str, Any], data: bytes, limits: Limits
) -> Iterator[tuple[ChildExit, IO[bytes]]]:
    """Run a task (``module:function``) on a document; yield how it ended, and its answer."""
    forbid_transaction()
    message = json.dumps({"task": task, "order": dict(order), "limits": asdict(limits)})
    with _queues[limits.queue], ExitStack() as held:
        answer, errors = (held.enter_context(_memory_file(item)) for item in ("answer", "errors"))
        try:
            files = [held.enter_context(_filled(item)) for item in (message.encode(), data)]
        except OSError as full:
            raise NotRead("no_room") from full
        handles = [item.fileno() for item in (*files, answer, errors)]
        ran = _run(task.partition(":")[0], handles, limits)
        errors.seek(0)
        answer.seek(0)
        output = held.enter_context(open(os.dup(answer.fileno()), "rb"))
        yield ChildExit(ran.code, errors.read(4000), ran.peak), output


def _run(module: str, handles: list[int], limits: Limits) -> ChildExit:
    """Have the order carried out; one that a dying warm process never took is given once more."""
    dead = None
    for _attempt in range(2):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours:
            # Our copy goes at once: else nobody would notice that all who could reply are dead.
            with theirs:
                dead = _server.send(module, [theirs.fileno(), *handles], dead)
            ours.settimeout(limits.wall_seconds + SLACK if limits.wall_seconds else None)
            try:
                taken = ours.recv(200) == BEGUN
            except TimeoutError:
                return ChildExit(TOO_SLOW)
            if taken:
                return _ended(ours)
    return ChildExit(-signal.SIGKILL)


def _ended(ours: socket.socket) -> ChildExit:
    """Wait until the child has ended; one whose watcher died as well was killed."""
    try:
        reply = ours.recv(200)
    except OSError:
        return ChildExit(TOO_SLOW)
    if not reply:
        return ChildExit(-signal.SIGKILL)
    code, peak = json.loads(reply)
    return ChildExit(code, b"", peak)


def answered(task: str, order: Mapping[str, Any], data: bytes, limits: Limits) -> ChildAnswer:
    """Return what a task answered; raises NotRead when the child said why not, or was ended."""
    with running(task, order, data, limits) as (ran, answer):
        try:
            head = json.loads(answer.readline() or b"{}")
            if not isinstance(head, dict):
                raise TypeError
            refused, words = str(head.get("refused", "")), head.get("words") or {}
        except (ValueError, TypeError):
            head, refused, words = {}, "", {}
        if refused:
            raise NotRead(refused, words)
        if ran.code != 0 or not head:
            raise NotRead(ran.why)
        return ChildAnswer(head, answer.read())


def _memory_file(name: str) -> IO[bytes]:
    """Return a file that never lies on a disk, where the system has such files."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create(f"linli-{name}"), "w+b", buffering=0)
    return tempfile.TemporaryFile(buffering=0)


def _filled(data: bytes) -> IO[bytes]:
    file = _memory_file("given")
    left = memoryview(data)
    while left:
        # Unbuffered, write() may take less than it is given.
        left = left[file.write(left) :]
    file.seek(0)
    return file
