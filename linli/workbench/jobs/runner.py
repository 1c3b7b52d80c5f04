"""Doing what is due: claim, run, write down how it went."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import close_old_connections
from django.utils import timezone

from linli.core.jobs import JOBS, Job
from linli.core.logger import get_logger
from linli.core.runtime.frames import headline
from linli.core.storage import unless_there_is_no_room
from linli.workbench.jobs import heartbeat
from linli.workbench.jobs.models import JobRun

log = get_logger(__name__)
LONGEST_ERROR = 300


@dataclass(frozen=True)
class JobResult:
    """One run: how many things were done, or what went wrong."""

    key: str
    done: int = 0
    error: str = ""


def claim(job: Job, moment: datetime) -> bool:
    """Take a job that is due; of two workers one gets it.

    A time that lies further ahead than one wait comes from a clock that was set back.
    """
    JobRun.objects.get_or_create(key=job.key, defaults={"due_at": moment})
    mine = JobRun.objects.filter(key=job.key)
    due = mine.filter(due_at__lte=moment) | mine.filter(due_at__gt=moment + job.every)
    return bool(due.update(due_at=moment + job.every, started_at=moment, error=""))


def run(job: Job) -> JobResult:
    """Do a job now and write down how it went; its failure stops no other job."""
    try:
        done = job.run()
    except Exception as error_text:  # the next job must run whatever this one did
        log.exception("job failed", job=job.key)
        error = headline(error_text)[:LONGEST_ERROR]
        with unless_there_is_no_room():
            _note(job=job, error=error)
        return JobResult(job.key, error=error)
    with unless_there_is_no_room():
        _note(job=job, done_at=timezone.now(), done=done)
    return JobResult(job.key, done)


def _note(*, job: Job, **how: Any) -> None:
    JobRun.objects.filter(key=job.key).update(**how)


def run_due(*, everything: bool = False) -> list[JobResult]:
    """Do what is due, or everything whether due or not."""
    ran = []
    for job in JOBS.values():
        # Anew for each job: the one before may have taken minutes.
        moment = timezone.now()
        # Claimed in either case, so that no other worker takes it at the same time.
        if claim(job, moment) or everything:
            with heartbeat.doing(job.key):
                ran.append(run(job))
    return ran


def work(*, rest_seconds: float, goes_on: Callable[[], bool]) -> None:
    """Do what is due, rest, and again, as long as ``goes_on`` says so."""
    heartbeat.begin()
    while goes_on():
        # No request ends here, so nobody else drops a connection that has broken.
        close_old_connections()
        try:
            run_due()
        except Exception:  # a database that is away comes back
            log.exception("the worker could not ask what is due")
        time.sleep(rest_seconds)
        heartbeat.turn()
    heartbeat.end()
