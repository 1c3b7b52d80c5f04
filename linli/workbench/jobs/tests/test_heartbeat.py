"""The worker's sign of life goes on while a job takes long, and ends with the worker."""

from __future__ import annotations

import os
import time
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from linli.workbench.jobs import heartbeat, queries, rules
from linli.workbench.jobs.heartbeat import Heartbeat
from linli.workbench.jobs.measure import note_size
from linli.workbench.jobs.models import DatabaseSize, Worker

GIGABYTE = 1 << 30


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_long_job_does_not_keep_the_worker_from_giving_signs(monkeypatch: Any) -> None:
    monkeypatch.setattr(rules, "BEAT_SECONDS", 0.05)
    heartbeat.begin()
    try:
        with heartbeat.doing("retention.run"):
            first = Worker.objects.get().seen_at
            until = time.monotonic() + 10
            while time.monotonic() < until:  # the job: it gives no sign itself
                row = Worker.objects.get()
                if row.seen_at > first and row.job:
                    break
                time.sleep(0.02)
            assert row.seen_at > first
            assert row.job == "retention.run"
    finally:
        heartbeat.end()
    assert not Worker.objects.exists(), "who ends as it should is not missed"


@pytest.mark.django_db(transaction=True)
def test_without_its_thread_nothing_is_heard(monkeypatch: Any) -> None:
    """The negative control: a worker that gives signs only between jobs."""
    monkeypatch.setattr(rules, "BEAT_SECONDS", 0.05)
    one = Heartbeat()
    monkeypatch.setattr(one._thread, "start", lambda: None)
    monkeypatch.setattr(one._thread, "join", lambda _seconds: None)
    one.begin()
    first = Worker.objects.get().seen_at
    time.sleep(0.3)
    assert Worker.objects.get().seen_at == first
    one.end()


@pytest.mark.django_db
def test_who_begins_forgets_those_that_are_no_more(monkeypatch: Any) -> None:
    now = timezone.now()
    here = os.uname().nodename[:64]
    for key, host, pid, ago in (
        ("gone", here, 2**22 - 1, 5),
        ("there", here, os.getppid(), 5),
        ("elsewhere", "another", 2**22 - 1, 5),
        ("long ago", "another", 7, 90_000),
    ):
        seen = now - timedelta(seconds=ago)
        Worker.objects.create(key=key, host=host, pid=pid, began_at=now, seen_at=seen, since=now)
    Heartbeat()._forget_others()
    assert set(Worker.objects.values_list("key", flat=True)) == {"there", "elsewhere"}


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_size_is_noted_once_a_day_and_old_days_go() -> None:
    DatabaseSize.objects.create(day=date(2020, 1, 1), bytes=1)
    note_size()
    note_size()
    [(_day, size)] = queries.sizes()
    assert size >= 0


@pytest.mark.parametrize(
    ("free", "grown", "days", "is_short"),
    [
        (10, None, None, False),  # two backups of one, and a tenth of two
        (2, None, None, True),
        (12, 1, 10, True),  # ten days are fewer than two weeks
        (42, 1, 40, False),
        (1, 1, 0, True),
        (3, 0, None, False),
    ],
)
def test_how_long_the_disk_lasts(
    free: int, grown: int | None, days: int | None, is_short: bool
) -> None:
    begun = date(2026, 11, 1)
    sizes = (
        []
        if grown is None
        else [(begun + timedelta(days=n), n * grown * GIGABYTE) for n in range(10)]
    )
    found = rules.disk_outlook(
        free=free * GIGABYTE, database=2 * GIGABYTE, backup=GIGABYTE, sizes=sizes
    )
    assert found == rules.DiskOutlook(days, is_short)


def test_two_days_are_no_basis() -> None:
    begun = date(2026, 11, 1)
    assert rules.bytes_a_day([(begun, 1), (begun + timedelta(days=2), 99)]) is None
    assert rules.bytes_a_day([(begun, 0), (begun + timedelta(days=4), 400)]) == 100
