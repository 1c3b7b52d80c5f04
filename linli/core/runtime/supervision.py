"""Parts of one command, each a process of its own: started again when it dies, ended together.

The one who watches does nothing else and keeps no thread, so it can divide itself at any time: what
it has loaded is there in every part at once. A part is told to end by the kernel when the one who
watches dies, however it dies: nothing goes on working that nobody watches.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn

from linli.core.logger import get_logger
from linli.core.runtime import frames

# A part that ends is started again at once; one that keeps ending, after a longer and longer wait.
WAITS = (0.0, 0.2, 0.5, 1.0, 2.0, 3.0)
# Whoever stayed up so long has not failed to start.
STEADY_SECONDS = 30.0
# So often is looked after what has to be done between whiles.
TICK_SECONDS = 0.5
END_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux
HEARD = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
log = get_logger(__name__)


@dataclass
class Part:
    """What runs as a process: ``do`` is called in it, and its answer is the exit code."""

    name: str
    do: Callable[[], int]
    pid: int = 0
    began: float = 0.0
    due: float = 0.0
    failures: int = 0


def end_with_parent(parent: int) -> None:
    """Have this process killed when ``parent``, which started it, dies; leave if it has already."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(END_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def wait_before(failures: int) -> float:
    """Return how long a part that has ended so often in a row waits for its next start."""
    return WAITS[min(failures, len(WAITS)) - 1] if failures else 0.0


class Supervisor:
    """Keeps its parts running until it is told to stop, then ends them all."""

    def __init__(self, parts: Sequence[Part], *, tick: Callable[[], None], patience: float) -> None:
        self.parts = list(parts)
        self._tick = tick
        self._patience = patience
        self._before: set[signal.Signals] = set()
        self._told: list[int] = []

    def run(self) -> None:
        """Start every part, again and again, until SIGTERM or Ctrl+C."""
        # Blocked, they wait to be taken: none comes between two steps.
        taken = {*HEARD, signal.SIGCHLD}
        # A library's own thread, which does not block them, may be given one: it is noted then.
        for name in HEARD:
            signal.signal(name, lambda number, _frame: self._told.append(number))
        self._before = set(map(signal.Signals, signal.pthread_sigmask(signal.SIG_BLOCK, taken)))
        try:
            while not self._wants_to_stop(taken):
                self._tick()
        finally:
            self._end_all(taken)
            signal.pthread_sigmask(signal.SIG_SETMASK, self._before)

    def _wants_to_stop(self, taken: set[signal.Signals]) -> bool:
        self._note_ended()
        now = time.monotonic()
        for part in self.parts:
            if not part.pid and part.due <= now:
                self._start(part)
        soonest = min((part.due for part in self.parts if not part.pid), default=now + TICK_SECONDS)
        got = signal.sigtimedwait(taken, max(0.0, min(TICK_SECONDS, soonest - now)))
        return bool(self._told) or (got is not None and got.si_signo in HEARD)

    def _start(self, part: Part) -> None:
        parent = os.getpid()
        part.began = time.monotonic()
        pid = os.fork()
        if pid == 0:
            self._be(part, parent)
        part.pid = pid

    def _be(self, part: Part, parent: int) -> NoReturn:
        """Become the part: whatever happens in it, it never comes back into the loop."""
        code = 1
        try:
            # Ctrl+C at a terminal goes to a whole group: the one who watches tells each in turn.
            os.setpgid(0, 0)
            end_with_parent(parent)
            for name in HEARD:
                signal.signal(name, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            signal.pthread_sigmask(signal.SIG_SETMASK, self._before)
            code = part.do()
        except SystemExit as asked:
            code = asked.code if isinstance(asked.code, int) else 1
        except BaseException as wrong:  # told here, or nobody would ever hear of it
            frames.write(f"{part.name}\n{frames.describe_error(wrong)}")
        finally:
            with suppress(OSError, ValueError):
                sys.stdout.flush()
            os._exit(code)

    def _note_ended(self) -> None:
        for pid, status in _ended():
            for part in self.parts:
                if part.pid == pid:
                    self._begin_again(part, os.waitstatus_to_exitcode(status))

    def _begin_again(self, part: Part, code: int) -> None:
        now = time.monotonic()
        part.failures = 1 if now - part.began > STEADY_SECONDS else part.failures + 1
        wait = wait_before(part.failures)
        part.pid, part.due = 0, now + wait
        # A part that ended by a signal has minus its number.
        log.warning("a process ended and is started again", part=part.name, code=code, wait=wait)

    def _end_all(self, taken: set[signal.Signals]) -> None:
        """Ask all to end, and end those that do not in time, or when told to stop again."""
        self._told.clear()
        until = time.monotonic() + self._patience
        self._tell(signal.SIGTERM)
        while self._left():
            got = signal.sigtimedwait(taken, max(0.0, min(0.2, until - time.monotonic())))
            again = self._told or (got is not None and got.si_signo in HEARD)
            if time.monotonic() >= until or again:
                self._told.clear()
                self._tell(signal.SIGKILL)
                until = float("inf")

    def _tell(self, name: signal.Signals) -> None:
        for part in self.parts:
            if part.pid:
                with suppress(ProcessLookupError):
                    os.kill(part.pid, name)

    def _left(self) -> bool:
        for pid, _status in _ended():
            for part in self.parts:
                part.pid = 0 if part.pid == pid else part.pid
        return any(part.pid for part in self.parts)


def _ended() -> list[tuple[int, int]]:
    """Take all children that have ended, also those of others that were left to us."""
    ended = []
    with suppress(ChildProcessError):
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            ended.append(found)
    return ended
