"""/health/ and /metrics: to callers from inside, without a database too, and to nobody else."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from linli.core.database import backup_note
from linli.faces.cli import health
from linli.faces.monitoring import questions
from linli.workbench.jobs.models import JobRun, Worker

pytestmark = [pytest.mark.django_db]
STRANGER = "203.0.113.9"
LONGEST_S = 3.0


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Any) -> Any:
    settings.DATA_DIR = tmp_path
    return tmp_path


class AtOnce:
    """A thread that is none: its questions see what the test has not committed."""

    def __init__(self, *, target: Any, args: Any, **_: Any) -> None:
        self.start = lambda: target(*args)


@pytest.fixture(autouse=True)
def at_once(request: Any, monkeypatch: Any) -> None:
    if "in_time" not in request.node.name:
        monkeypatch.setattr(questions, "Thread", AtOnce)
        monkeypatch.setattr(questions, "connections", SimpleNamespace(close_all=lambda: None))


def a_worker(**ago: float) -> Worker:
    """Somebody who works, seen so long ago."""
    now = timezone.now()
    return Worker.objects.create(
        key="one",
        host="office",
        pid=1,
        began_at=now,
        seen_at=now - timedelta(seconds=ago.get("seen", 0)),
        job="notices.send",
        since=now - timedelta(seconds=ago.get("since", 0)),
    )


def told(**caller: str) -> tuple[int, dict[str, Any]]:
    answer = Client(**caller).get("/health/")
    return answer.status_code, json.loads(answer.content)["questions"]


@pytest.mark.postgres
def test_from_this_machine_everything_is_told_and_no_words() -> None:
    a_worker()
    answer = Client().get("/health/")
    said = json.loads(answer.content)
    assert (answer.status_code, said["state"]) == (200, "good"), said
    assert said["questions"]["worker"]["workers"] == 1
    assert set(said["questions"]) == {
        "process",
        "disk",
        "database",
        "migrations",
        *questions.OF_THE_DATABASE,
    }
    # States and numbers alone: no host, no folder, no version.
    values = [value for facts in said["questions"].values() for value in facts.values()]
    assert all(value is None or isinstance(value, float | int) or value in SAID for value in values)
    assert answer["Cache-Control"] == "no-store"


SAID = ("good", "warn", "bad")


@pytest.mark.parametrize("address", ["/health/", "/metrics"])
@pytest.mark.parametrize(
    ("proxies", "caller", "is_told"),
    [
        (0, {"REMOTE_ADDR": "127.0.0.1"}, True),
        (0, {"REMOTE_ADDR": "::1"}, True),
        (0, {"REMOTE_ADDR": STRANGER}, False),
        # Somebody passed it on, and nobody told us that we have a proxy.
        (0, {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": STRANGER}, False),
        (0, {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}, False),
        (1, {"REMOTE_ADDR": "127.0.0.1"}, True),
        (1, {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": STRANGER}, False),
        (1, {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": f"127.0.0.1, {STRANGER}"}, False),
        (1, {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "nonsense"}, False),
        (1, {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_REAL_IP": STRANGER}, False),
        (2, {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}, False),
    ],
)
def test_whoever_comes_from_elsewhere_meets_the_ordinary_404(
    settings: Any, proxies: int, caller: dict[str, str], is_told: bool, address: str
) -> None:
    settings.LINLI_PROXIES = proxies
    answer = Client(**caller).get(address)
    assert (answer.status_code != 404) is is_told
    if not is_told:
        nowhere = Client(**caller).get("/no-such-page/")
        assert answer.content.count(b"linli_") == 0
        assert answer["Content-Type"] == nowhere["Content-Type"]


def test_a_network_that_was_let_in_is_told(settings: Any) -> None:
    settings.LINLI_MONITOR_NETWORKS = ["203.0.113.0/24"]
    assert Client(REMOTE_ADDR=STRANGER).get("/metrics").status_code == 200
    assert Client(REMOTE_ADDR="127.0.0.1").get("/metrics").status_code == 404


def test_neither_https_nor_the_name_of_the_host_is_asked_for(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["linli.example.cn"]
    a_worker()
    for host in ("127.0.0.1:8000", "localhost"):
        assert Client(HTTP_HOST=host).get("/health/").status_code == 200
    # The control: any other page would send the caller to https, or refuse the name.
    assert Client(HTTP_HOST="127.0.0.1:8000").get("/sign-in/").status_code in (301, 400)


@pytest.mark.parametrize("how", ["refuses", "hangs"])
def test_without_a_database_it_answers_503_in_time(monkeypatch: Any, how: str) -> None:
    def away() -> Any:
        if how == "hangs":
            time.sleep(2 * LONGEST_S)
        raise OperationalError("away")

    monkeypatch.setattr(health, "database", away)
    for _ in range(2):  # the second finds the first still waiting
        began = time.monotonic()
        status, answers = told()
        assert time.monotonic() - began < LONGEST_S
        assert (status, answers["database"]["state"]) == (503, "bad")
        assert answers["process"]["state"] == "good"
    with questions._asking:  # whoever hung has let go
        pass


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("ago", "state"),
    [
        ({}, "good"),
        ({"seen": 61}, "bad"),
        ({"since": 3601}, "bad"),
        ({"since": 3000}, "good"),
        ({"seen": -300}, "good"),  # another machine's clock
    ],
)
def test_a_worker_that_is_dead_or_hangs_is_red(ago: dict[str, float], state: str) -> None:
    a_worker(**ago)
    assert health.worker().state == state
    assert told()[0] == (200 if state == "good" else 503)


def test_nobody_who_works_is_red_and_one_of_two_machines_a_warning() -> None:
    assert (health.worker().state, health.worker_beside().state) == ("warn", "bad")
    a_worker(seen=600)
    assert health.worker().state == "bad"
    now = timezone.now()
    Worker.objects.create(key="two", host="b", pid=2, began_at=now, seen_at=now, since=now)
    found = health.worker()
    assert found.state == "warn"
    assert "office" in found.sentence


def test_a_job_that_fails_once_is_a_warning_and_one_that_goes_on_is_red() -> None:
    now = timezone.now()
    run = JobRun.objects.create(
        key="notices.send", due_at=now, started_at=now, done_at=now, error="ValueError: …"
    )
    assert health.failing_jobs().state == "warn"
    run.done_at = now - timedelta(hours=3)
    run.save()
    assert health.failing_jobs().state == "bad"
    JobRun.objects.update(error="")
    assert health.failing_jobs().state == "good"


def test_an_old_backup_is_red_by_its_note(data: Any) -> None:
    a_worker()
    assert told()[1]["backup"] == {"state": "warn", "age_seconds": None}
    note = data / backup_note.LAST_BACKUP
    for hours, state in ((1, "good"), (30, "bad")):
        made = timezone.now() - timedelta(hours=hours)
        note.write_text(json.dumps({"at": made.isoformat(), "file": "/safe/one"}))
        status, answers = told()
        assert answers["backup"]["state"] == state
        assert answers["backup"]["age_seconds"] == pytest.approx(hours * 3600, abs=30)
        assert status == (200 if state == "good" else 503)


def test_the_figures_are_those_of_the_check() -> None:
    a_worker()
    text = Client().get("/metrics").content.decode()
    lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert lines["linli_workers"] == "1.0"
    assert lines['linli_well{question="worker"}'] == "1.0"
    assert float(lines["linli_database_bytes"]) >= 0
    assert float(lines["linli_disk_free_bytes"]) > 0
    assert lines["linli_notices_unsent"] == "0.0"
    assert "linli_last_backup_age_seconds" not in lines, "what is not known is left out"
