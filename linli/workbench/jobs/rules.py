"""When a worker is dead or hangs, when a job keeps failing, when the disk will be full."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

BEAT_SECONDS = 10.0
# On SQLite nobody gives a sign while somebody else writes: twenty seconds, tried again.
SILENT_AFTER = timedelta(seconds=60)
HANGS_AFTER = timedelta(hours=1)
FORGOTTEN_AFTER = timedelta(days=1)
# A job that fails is tried again after its usual wait; so long may that go on.
FAILS_TOO_LONG = timedelta(hours=1)
SIZES_KEPT = timedelta(days=90)
SHORTEST_BASIS = timedelta(days=3)


class WorkerState(StrEnum):
    """How a worker is."""

    WELL = "well"
    HANGING = "hanging"
    SILENT = "silent"


def state_of(*, seen_at: datetime, since: datetime, now: datetime) -> WorkerState:
    """Is a worker well, at one thing for too long, or silent?"""
    # A time ahead comes from another machine's clock: it was seen just now.
    if now - seen_at > SILENT_AFTER:
        return WorkerState.SILENT
    return WorkerState.HANGING if now - since > HANGS_AFTER else WorkerState.WELL


def keeps_failing(*, done_at: datetime | None, began_at: datetime, every: timedelta) -> bool:
    """Has a job whose last run failed not gone well for more than one of its turns?"""
    return done_at is None or began_at - done_at > max(FAILS_TOO_LONG, 2 * every)


@dataclass(frozen=True)
class DiskOutlook:
    """For how many days there is room, if it was measured, and whether that is too short."""

    days: int | None
    is_short: bool


def bytes_a_day(sizes: Sequence[tuple[date, int]]) -> float | None:
    """Return how much the database grew each day; None when there are too few days to tell."""
    if not sizes or sizes[-1][0] - sizes[0][0] < SHORTEST_BASIS:
        return None
    return (sizes[-1][1] - sizes[0][1]) / (sizes[-1][0] - sizes[0][0]).days


def disk_outlook(
    *, free: int, database: int, backup: int, sizes: Sequence[tuple[date, int]], kept_days: int = 14
) -> DiskOutlook:
    """Is there room for two more backups and for what the data will grow?

    Without measured days the data is taken to grow by a tenth of itself.
    """
    left, growth = free - 2 * backup, bytes_a_day(sizes)
    if growth is None:
        return DiskOutlook(None, left < database // 10)
    if growth <= 0:
        return DiskOutlook(None, left < 0)
    days = max(0, int(left / growth))
    return DiskOutlook(days, days < kept_days)
