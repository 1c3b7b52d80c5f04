"""vdirsyncer, a CalDAV client, keeps our feed in step; `make clients` installs it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import icalendar
import pytest
from django.test import Client

from linli.capabilities.calendar.models import Feed
from linli.capabilities.calendar.tests.test_calendar import a_feed
from linli.core.actions import writes_allowed
from linli.core.scope import system_scope
from linli.core.time import now, today
from linli.register.posts.models import User
from linli.workbench.tasks.actions import open_task
from tests.people import a_person, a_subdistrict, a_user

ROOT = Path(__file__).resolve().parents[4]
PROGRAM = Path(os.environ.get("LINLI_CLIENTS", ROOT / "var/clients")) / "bin/vdirsyncer"

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not PROGRAM.exists(), reason="it is not installed: make clients"),
]

CONFIG = """
[general]
status_path = "{folder}/status/"
[pair ours]
a = "linli"
b = "phone"
collections = null
conflict_resolution = "a wins"
[storage linli]
type = "http"
url = "{url}"
[storage phone]
type = "filesystem"
path = "{folder}/phone/"
fileext = ".ics"
"""


def sync(folder: Path) -> int:
    """Synchronise as the program does from a timetable; return its exit code."""
    for what in ("discover", "sync"):
        done = subprocess.run(
            [str(PROGRAM), "-c", str(folder / "config"), what],
            input="y\n" * 4,
            text=True,
            capture_output=True,
            check=False,
            timeout=120,
        )
        if done.returncode:
            return done.returncode
    return 0


def titles(folder: Path) -> set[str]:
    return {
        str(event["SUMMARY"])
        for file in (folder / "phone").glob("*.ics")
        for event in icalendar.Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    }


def test_a_feed_is_read_kept_in_step_and_ends_when_it_is_revoked(
    client: Client, live_server: Any, tmp_path: Path
) -> None:
    town = a_subdistrict()
    shuji = a_user("shuji", "secretary", town.community)
    client.force_login(shuji)
    old = a_person(town.home("1", "101"), "虞阿香", aged=90)

    def task(title: str) -> None:
        with system_scope("test"):
            open_task(
                kind="directory.follow_up",
                about=old,
                place=town.building("1"),
                title=title,
                due_on=today(),
                by=None,
            )

    task("看看电梯")
    url = live_server.url + a_feed(client, "place")
    (tmp_path / "config").write_text(CONFIG.format(folder=tmp_path, url=url))
    assert sync(tmp_path) == 0
    first = titles(tmp_path)
    assert len(first) == 1
    task("看看门禁")
    assert sync(tmp_path) == 0
    assert len(list((tmp_path / "phone").glob("*.ics"))) == 2
    with system_scope("test"), writes_allowed("test: the phone is lost"):
        Feed.objects.update(revoked_at=now())
    assert sync(tmp_path) != 0
    assert User.objects.count() == 1
