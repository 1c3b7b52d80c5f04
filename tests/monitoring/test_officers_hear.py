"""Officers hear on 今日 when the machine itself needs somebody, and nobody else does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from linli.core.actions import writes_allowed
from linli.workbench.jobs.models import Worker
from tests.people import Subdistrict, a_subdistrict, a_user

STOPPED, ASK = "后台任务停了", "请他运行 linli check"
pytestmark = pytest.mark.django_db


def home_of(role: str, town: Subdistrict) -> str:
    client = Client()
    user = a_user(f"u{role}", role, town.town if role == "subdistrict_officer" else town.community)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.get("/").content.decode()


def a_worker(*, silent_for: timedelta) -> None:
    now = timezone.now()
    with writes_allowed("a worker that was killed"):
        Worker.objects.create(
            key="pf-1-7",
            host="pf-1",
            pid=7,
            began_at=now,
            seen_at=now - silent_for,
            since=now - silent_for,
        )


def test_a_worker_that_died_is_told_to_the_officer_alone() -> None:
    town = a_subdistrict()
    a_worker(silent_for=timedelta(minutes=10))
    told = home_of("subdistrict_officer", town)
    assert STOPPED in told
    assert ASK in told
    assert STOPPED not in home_of("secretary", town)


def test_while_it_works_nothing_is_said() -> None:
    town = a_subdistrict()
    a_worker(silent_for=timedelta(0))
    told = home_of("subdistrict_officer", town)
    assert "今日" in told
    assert ASK not in told
