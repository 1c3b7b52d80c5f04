"""Between an upgrade and the start only the data is asked about: how it runs shows later."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from linli.core.actions import writes_allowed
from linli.core.database import triggers
from linli.faces.cli import health
from linli.workbench.jobs.models import Worker

pytestmark = pytest.mark.django_db


def bad(*, only_stored: bool) -> set[str]:
    found = health.look_at_everything(only_stored=only_stored)
    # A server of a test does not wait for its disk.
    return {one.what for one in found if one.state == "bad"} - {"落盘"}


def test_a_dead_worker_does_not_stop_an_upgrade_and_missing_triggers_do() -> None:
    long_ago = timezone.now() - timedelta(hours=1)
    with writes_allowed("a worker that was killed"):
        Worker.objects.create(
            key="pf-1-7", host="pf-1", pid=7, began_at=long_ago, seen_at=long_ago, since=long_ago
        )
    assert "后台任务" in bad(only_stored=False)
    assert bad(only_stored=True) == set()
    triggers.take_down(connection)
    assert "触发器" in bad(only_stored=True)
    triggers.put_up(connection)
