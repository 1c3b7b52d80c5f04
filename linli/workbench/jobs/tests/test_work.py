"""The worker: each job in its time, once, whatever the others do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from linli.core import jobs
from linli.workbench.jobs import runner
from linli.workbench.jobs.models import JobRun

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def own_jobs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Leave only the jobs of the test."""
    said: list[str] = []
    monkeypatch.setattr(runner, "JOBS", {})
    monkeypatch.setattr(jobs, "JOBS", runner.JOBS)
    return said


def add(key: str, said: list[str], *, fails: bool = False) -> None:
    def run() -> int:
        said.append(key)
        if fails:
            raise ValueError("the gateway is down")
        return 1

    jobs.register_job(key, term=key, run=run, every=timedelta(minutes=5))


def test_a_job_runs_when_due_and_not_again_before_its_time(own_jobs: list[str]) -> None:
    add("send", own_jobs)
    runner.run_due()
    runner.run_due()
    assert own_jobs == ["send"]
    JobRun.objects.update(due_at=timezone.now())
    runner.run_due()
    assert own_jobs == ["send", "send"]


def test_of_two_workers_one_gets_the_job(own_jobs: list[str]) -> None:
    add("send", own_jobs)
    moment = timezone.now()
    job = runner.JOBS["send"]
    assert runner.claim(job, moment)
    assert not runner.claim(job, moment)


def test_a_failing_job_is_written_down_and_stops_no_other(own_jobs: list[str]) -> None:
    add("send", own_jobs, fails=True)
    add("close", own_jobs)
    first, second = runner.run_due()
    assert "gateway is down" in first.error
    assert second == runner.JobResult("close", 1)
    assert "gateway is down" in JobRun.objects.get(key="send").error


def test_a_clock_set_back_does_not_hold_a_job_up(own_jobs: list[str]) -> None:
    add("send", own_jobs)
    runner.run_due()
    JobRun.objects.update(due_at=timezone.now() + timedelta(days=400))
    runner.run_due()
    assert own_jobs == ["send", "send"]
