"""The inbox with 5,000 open tasks, beside one query written by hand on the same rows."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench.measuring import Section, alternating_ms, median_ms, peak_mib
from bench.sections import _built, _django, _yinjia

TASKS = 5000
PAGE_LIMIT_MS = 1000


def tasks() -> Section:
    """Open 5,000 tasks at as many doors of one community and show the inbox of its worker."""
    people = int(os.environ["BENCH_PEOPLE"])
    built = _built(people)
    with tempfile.TemporaryDirectory() as folder:
        for name in ("linli.sqlite3", "keys.json", "demo.json"):
            shutil.copy(built / name, folder)
        os.environ["LINLI_DATA"] = folder
        _django()
        return _measured(Path(folder))


def _measured(folder: Path) -> Section:
    from django.core.management import call_command
    from django.test import Client

    from linli.core.actions import writes_allowed
    from linli.core.scope import system_scope, use_scope
    from linli.core.time import today
    from linli.register.posts.models import Post
    from linli.register.posts.queries import scope_of
    from linli.workbench.tasks.queries import inbox

    with writes_allowed("migrations"):
        call_command("migrate", interactive=False, verbosity=0)
    _open(TASKS)
    section = Section(f"The inbox with {TASKS:,} open tasks (embedded SQLite)")
    with system_scope("whose inbox"):
        post = (
            Post.objects.select_related("user")
            .filter(role="community_worker", place__path=_yinjia())
            .first()
        )
        assert post is not None
        assert post.user is not None
        user = post.user
    db = sqlite3.connect(folder / "linli.sqlite3")
    by_hand = (
        "SELECT t.id, t.title, t.due_on, p.address, r.birth_date, h.size FROM tasks_task t"
        " JOIN places_place p ON p.id = t.place_id LEFT JOIN people_person r ON r.id = t.person_id"
        " LEFT JOIN people_household h ON h.id = r.household_id"
        " WHERE t.state IN ('open','accepted') AND t.seat_role = 'community_worker'"
        " AND t.scope_path >= ? AND t.scope_path < ? ORDER BY t.due_on"
    )
    ends = [_yinjia(), _yinjia()[:-1] + "0"]
    with use_scope(scope_of(user, today())):
        total = inbox(user).total
        mine, hand = alternating_ms(
            lambda: inbox(user), lambda: db.execute(by_hand, ends).fetchall()
        )
    section.add(f"{total:,} tasks ranked and grouped by door", mine, "ms", "SQL by hand", hand)
    client = Client()
    client.force_login(user)
    page = median_ms(lambda: client.get("/tasks/"))
    section.add("the page from click to answer", page, "ms", limit=PAGE_LIMIT_MS)
    section.peak_mib = peak_mib()
    return section


def _open(many: int) -> None:
    from linli.core.actions import writes_allowed
    from linli.core.scope import system_scope
    from linli.core.time import today
    from linli.register.people.models import Person
    from linli.register.places.models import Place
    from linli.workbench.tasks.models import Task

    with system_scope("make tasks to measure with"), writes_allowed("make tasks to measure with"):
        community = Place.objects.get(path=_yinjia())
        people = list(
            Person.objects.filter(scope_path__startswith=_yinjia(), status="current")
            .values_list("pk", "home_id", "scope_path")
            .order_by("pk")
        )
        rows = [people[n % len(people)] for n in range(many)]
        Task.objects.bulk_create(
            Task(
                kind="cases.handle",
                title="看望",
                subject_kind="people.person",
                subject_id=pk,
                person_id=pk,
                place_id=home,
                seat_role="community_worker",
                seat_place=community,
                due_on=today(),
                scope_path=path,
            )
            for pk, home, path in rows
        )


SECTIONS: dict[str, Callable[[], Section]] = {"tasks": tasks}
