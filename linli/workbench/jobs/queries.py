"""How the workers are, which jobs keep failing, how the data grows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from linli.core.jobs import JOBS
from linli.workbench.jobs import rules
from linli.workbench.jobs.models import DatabaseSize, JobRun, Worker


@dataclass(frozen=True)
class SeenWorker:
    """One worker: where, how, since when silent for how long, and what it is at."""

    host: str
    state: rules.WorkerState
    silent_seconds: int
    job: str
    since: datetime


def seen_workers() -> list[SeenWorker]:
    """Return every worker that did not end as it should, the one that was seen last first."""
    now = timezone.now()
    return [
        SeenWorker(
            worker.host,
            rules.state_of(seen_at=worker.seen_at, since=worker.since, now=now),
            max(0, int((now - worker.seen_at).total_seconds())),
            worker.job,
            worker.since,
        )
        for worker in Worker.objects.order_by("-seen_at")
    ]


@dataclass(frozen=True)
class FailedJob:
    """A job whose last run failed, with its words for people, why, and whether it goes on."""

    key: str
    term: str
    error: str
    keeps_failing: bool


def failed_jobs() -> list[FailedJob]:
    """Return the jobs whose last run failed."""
    return [
        FailedJob(run.key, JOBS[run.key].term, run.error, _keeps_failing(run))
        for run in JobRun.objects.exclude(error="").filter(key__in=JOBS).order_by("key")
    ]


def _keeps_failing(run: JobRun) -> bool:
    return rules.keeps_failing(
        done_at=run.done_at, began_at=run.started_at or run.due_at, every=JOBS[run.key].every
    )


def sizes() -> list[tuple[date, int]]:
    """Return how large the database was on each day, the earliest first."""
    return list(DatabaseSize.objects.order_by("day").values_list("day", "bytes"))
