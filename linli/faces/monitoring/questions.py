"""What /health/ and /metrics ask: the quick questions of `linli check`, answered in time.

A database that is away may let one wait for minutes. So a thread asks, and whoever wants to know
waits a second for it; while it still waits, nobody else begins to.
"""

from __future__ import annotations

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Lock, Thread

from django.db import connections

from linli.core.logger import get_logger
from linli.faces.cli import health
from linli.faces.cli.health import Finding

log = get_logger(__name__)
PATIENCE_SECONDS = 1.2
# By the names of their figures. One more question: a function of ``health`` and a line here.
OF_THE_DATABASE: dict[str, Callable[[], Finding]] = {
    "worker": health.worker_beside,
    "jobs": health.failing_jobs,
    "notices": health.messages,
    "backup": health.backup_age,
    "room": health.disk_outlook,
}
AWAY = Finding("database", "bad", "")
_asking = Lock()


def ask() -> dict[str, Finding]:
    """Return every answer by its name; without a database those that need none."""
    answers = {"process": Finding("process", "good", ""), "disk": health.space()}
    return {**answers, **_of_the_database()}


def migrations() -> Finding:
    """Is the database that of this version?"""
    waiting = len(health.unapplied_migrations())
    facts = {"waiting": float(waiting)}
    return Finding("migrations", "bad" if waiting else "good", "", facts=facts)


def _of_the_database() -> dict[str, Finding]:
    # Two programs may watch: the second waits for the first, unless that waits in vain.
    if not _asking.acquire(timeout=PATIENCE_SECONDS):
        return {"database": AWAY}
    answered: SimpleQueue[dict[str, Finding]] = SimpleQueue()
    Thread(target=_ask, args=(answered,), name="health", daemon=True).start()
    try:
        return answered.get(timeout=PATIENCE_SECONDS)
    except Empty:
        return {"database": AWAY}


def _ask(answered: SimpleQueue[dict[str, Finding]]) -> None:
    try:
        found = {"database": health.database()}
        found["migrations"] = migrations()
        # Tables of another version may lack what the others read.
        if found["migrations"].state == "good":
            found |= {name: question() for name, question in OF_THE_DATABASE.items()}
        answered.put(found)
    except Exception:  # whatever it was: the database did not answer as it should
        log.exception("health could not be asked")
        answered.put({"database": AWAY})
    finally:
        connections.close_all()
        _asking.release()
