"""The worker's sign of life: a row that a thread of its own renews, whatever a job does."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Lock, Thread

from django.db import DatabaseError, close_old_connections, connection, connections
from django.utils import timezone

from linli.core.logger import get_logger
from linli.workbench.jobs import rules
from linli.workbench.jobs.models import Worker

log = get_logger(__name__)


class Heartbeat:
    """Says every few seconds that this process is there, and what it is at."""

    def __init__(self) -> None:
        now = timezone.now()
        self.key = uuid.uuid4().hex
        self._host, self._pid = os.uname().nodename[:64], os.getpid()
        self._began = now
        self._at = ("", now)
        self._lock, self._ended = Lock(), Event()
        self._thread = Thread(target=self._go_on, name="heartbeat", daemon=True)

    def begin(self) -> None:
        """Give the first sign, forget workers that are gone, and go on by itself."""
        with suppress(DatabaseError):
            self._forget_others()
        self._beat()
        self._thread.start()

    def end(self) -> None:
        """Say goodbye: a worker that ended as it should is not missed."""
        self._ended.set()
        self._thread.join(rules.BEAT_SECONDS)
        with suppress(DatabaseError):
            Worker.objects.filter(key=self.key).delete()

    def turn(self, job: str = "") -> None:
        """Begin something else: a job, or the rest after it."""
        with self._lock:
            self._at = (job, timezone.now())

    def _go_on(self) -> None:
        try:
            while not self._ended.wait(rules.BEAT_SECONDS):
                close_old_connections()
                self._beat()
        finally:
            connections.close_all()

    def _beat(self) -> None:
        with self._lock:
            job, since = self._at
        told = {"seen_at": timezone.now(), "job": job, "since": since}
        try:
            if not Worker.objects.filter(key=self.key).update(**told):
                Worker.objects.create(
                    key=self.key, host=self._host, pid=self._pid, began_at=self._began, **told
                )
        except DatabaseError:  # away, busy or full: the next one may go through
            log.exception("no sign of life")
            with suppress(DatabaseError):
                connection.close()

    def _forget_others(self) -> None:
        """Forget those of this machine that are no more, and the silent ones of others."""
        long_ago = timezone.now() - rules.FORGOTTEN_AFTER
        Worker.objects.filter(seen_at__lt=long_ago).delete()
        here = Worker.objects.filter(host=self._host)
        gone = [worker.pk for worker in here if not _is_there(worker.pid)]
        Worker.objects.filter(pk__in=gone).delete()


_ours: list[Heartbeat] = []


def begin() -> None:
    """Have this process give signs of life from now on."""
    _ours[:] = [Heartbeat()]
    _ours[0].begin()


def end() -> None:
    """Say goodbye."""
    while _ours:
        _ours.pop().end()


def turn(job: str = "") -> None:
    """Begin something else, if this process gives signs of life."""
    for one in _ours:
        one.turn(job)


@contextmanager
def doing(job: str) -> Iterator[None]:
    """Be at a job inside the block; the next sign of life says so."""
    turn(job)
    try:
        yield
    finally:
        turn()


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's
        return True
    return pid != os.getpid()
