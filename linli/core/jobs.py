"""What happens by itself: an app says what and how often, the worker does it.

A job calls actions; it claims rows by conditional updates, so two workers never do a thing twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from linli.core.dotted_paths import function_at


@dataclass(frozen=True)
class Job:
    """Something done again and again: ``run`` answers how many things it did."""

    key: str
    term: str
    run: Callable[[], int]
    every: timedelta


JOBS: dict[str, Job] = {}


def register_job(key: str, *, term: str, run: Callable[[], int] | str, every: timedelta) -> Job:
    """Have ``run`` called once in every ``every``, by whichever worker is free."""
    if key in JOBS:
        raise ValueError(f"job {key} is registered twice")
    if every <= timedelta(0):
        raise ValueError(f"job {key}: every is longer than nothing")
    JOBS[key] = Job(key, term, function_at(run), every)
    return JOBS[key]
