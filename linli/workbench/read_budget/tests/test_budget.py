"""A day of reading: what counts once, what stops, what frees up, whom it is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from linli.core.errors import Refused
from linli.core.scope import system_scope, use_scope
from linli.core.time import today
from linli.register.posts.models import User
from linli.register.posts.queries import scope_of
from linli.workbench.journal.models import JournalEntry
from linli.workbench.read_budget import actions, exempt_records, queries
from linli.workbench.read_budget.actions import ListOf, note_read
from linli.workbench.read_budget.models import ListRead, ReaderAccount, ReadPerson
from tests.people import Subdistrict, a_subdistrict, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def town() -> Subdistrict:
    return a_subdistrict()


@pytest.fixture
def worker(town: Subdistrict) -> User:
    return a_user("grid", "grid_worker", town.grids[0])


@contextmanager
def working(user: User) -> Iterator[None]:
    with use_scope(scope_of(user, today())):
        yield


def counted(user: User) -> int:
    return ReadPerson.objects.filter(user=user, counted_at__isnull=False).count()


def test_the_three_hundred_and_first_person_is_refused_in_words(worker: User) -> None:
    with working(worker):
        note_read(range(1, 301))
        with pytest.raises(Refused) as refused:
            note_read([5, 301])
    assert refused.value.code == "read.budget_used_up"
    assert "已看过300人" in str(refused.value.sentence)
    assert "网格员一天300人" in str(refused.value.sentence)
    assert "起可以看" in refused.value.hint
    assert "街道管理员" in refused.value.hint
    assert counted(worker) == 300  # nothing is stored of what was refused


def test_reading_the_same_people_again_costs_nothing_and_writes_nothing(
    worker: User, django_assert_num_queries: Any
) -> None:
    with working(worker):
        note_read(range(1, 301))
        with django_assert_num_queries(1):
            note_read(range(100, 200))


def test_after_a_day_the_first_of_them_are_free_again(worker: User) -> None:
    now = timezone.now()
    with working(worker):
        with time_machine.travel(now, tick=False):
            note_read(range(1, 201))
        with time_machine.travel(now + timedelta(hours=5), tick=False):
            note_read(range(201, 301))
        with time_machine.travel(now + timedelta(hours=23), tick=False), pytest.raises(Refused):
            note_read([301])
        with time_machine.travel(now + timedelta(hours=24, minutes=1), tick=False):
            note_read(range(301, 501))
            with pytest.raises(Refused):
                note_read([501])


def test_each_role_has_its_number_and_a_leader_of_a_stairwell_none(town: Subdistrict) -> None:
    lead = a_user("lead", "micro_grid_lead", town.building("1"))
    manager = a_user("manager", "property_manager", town.estate)
    with working(lead):
        note_read(range(1, 900))
    with working(manager):
        note_read(range(1, 101))
        with pytest.raises(Refused):
            note_read([101])
    assert counted(lead) == 0


def test_what_the_installation_reads_is_not_bounded(town: Subdistrict) -> None:
    with system_scope("test"):
        note_read(range(1, 5000))
    assert not ReadPerson.objects.exists()


def test_a_subdistrict_changes_a_limit_and_the_nearest_place_wins(
    town: Subdistrict, worker: User
) -> None:
    officer = a_user("officer", "subdistrict_officer", town.town)
    with working(officer):
        actions.set_limit(place=town.town, role="grid_worker", most=450, by=officer)
    with working(worker):
        assert queries.most_for(scope_of(worker, today())) == 450
    with working(officer):
        actions.set_limit(place=town.grids[0], role="grid_worker", most=40, by=officer)
        tomorrow = today() + timedelta(days=1)
        actions.set_limit(
            place=town.grids[0], role="grid_worker", most=90, by=officer, since=tomorrow
        )
    with working(worker):
        assert queries.most_for(scope_of(worker, today())) == 40
        with pytest.raises(Refused):
            note_read(range(1, 42))
    with working(officer), pytest.raises(Refused):
        actions.set_limit(place=town.town, role="grid_worker", most=100_000, by=officer)
    with working(worker), pytest.raises(Refused, match="不能"):
        actions.set_limit(place=town.grids[0], role="grid_worker", most=400, by=worker)


def test_people_of_a_record_that_somebody_else_made_do_not_count(
    worker: User, town: Subdistrict, monkeypatch: pytest.MonkeyPatch
) -> None:
    def means(record: Any, people: Any, user_id: int) -> set[int]:
        return {1, 2, 3} if record.pk != user_id else set()

    monkeypatch.setitem(exempt_records._parts, "posts.user", means)
    other = a_user("other", "secretary", town.community)
    with working(worker):
        note_read([1, 2, 3, 4], within=other)
        assert counted(worker) == 1
        assert ReadPerson.objects.filter(user=worker).count() == 4
        note_read([1, 2], within=worker)  # of one's own making: they count
        assert counted(worker) == 3
        note_read([1, 2, 3])  # read once more without it
        assert counted(worker) == 4


def test_a_list_is_one_entry_a_day_however_many_pages_are_turned(worker: User) -> None:
    for day in (0, 0, 0, 1):
        then = timezone.now() + timedelta(days=day)
        with time_machine.travel(then, tick=False), working(worker):
            note_read([1], listed=ListOf("a", lambda: "条件：80岁以上", 42))
            note_read([1], listed=ListOf("b", lambda: "别的", 0))
    with system_scope("test"):
        entries = list(JournalEntry.objects.filter(kind="list.read"))
    assert [entry.data for entry in entries] == [{"asked": "条件：80岁以上", "people": 42}] * 2
    assert entries[0].by == worker


def test_a_day_at_the_limit_is_told_the_auditor_once(worker: User, town: Subdistrict) -> None:
    auditor = a_user("auditor", "auditor", town.town)
    with working(worker):
        for first in (1, 151, 301, 401):
            try:
                note_read(range(first, first + 150))
            except Refused:
                continue
    assert [journal_entry.by for journal_entry in queries.unusual_days(auditor)] == [worker]
    client = Client()
    client.force_login(auditor, backend=BACKEND)
    assert "一天看了300人，到了上限" in client.get("/").content.decode()
    log = client.get("/logs/?kind=read.unusual_day").content.decode()
    assert "一天看了300人" in log


def test_three_times_ones_own_usual_day_is_told_and_twice_is_not(worker: User) -> None:
    days = {(today() - timedelta(days=n)).isoformat(): 40 for n in range(1, 8)}
    ReaderAccount.objects.create(user=worker, days=days)
    with working(worker):
        note_read(range(1, 119))
        with system_scope("test"):
            assert not JournalEntry.objects.filter(kind="read.unusual_day").exists()
        note_read(range(119, 130))
    with system_scope("test"):
        entry = JournalEntry.objects.get(kind="read.unusual_day")
    assert entry.data == {"people": 129, "usual": 40, "at_limit": False}


def test_what_was_read_is_forgotten_after_two_days(worker: User) -> None:
    with working(worker):
        note_read([1], listed=ListOf("a", lambda: "全部", 1))
    assert actions.forget() == 0
    with time_machine.travel(timezone.now() + timedelta(hours=73)):
        assert actions.forget() == 2
    assert not ReadPerson.objects.exists()
    assert not ListRead.objects.exists()


def test_files_of_any_kind_add_up_by_people_and_reading_them_first_does_not_matter(
    town: Subdistrict,
) -> None:
    secretary = a_user("lin", "secretary", town.community)
    with working(secretary):
        note_read(range(1, 301))  # on a page
        with exempt_records.leaving_in_a_file(alone_up_to=500, agreed=False):
            note_read(range(1, 301))
            note_read(range(101, 501))
            with pytest.raises(Refused) as refused:
                note_read([501])
            assert refused.value.code == "read.taken_too_many"
        with exempt_records.leaving_in_a_file(alone_up_to=500, agreed=True):
            note_read(range(501, 600))
        with (
            exempt_records.leaving_in_a_file(alone_up_to=500, agreed=False),
            pytest.raises(Refused),
        ):
            note_read([600])
    assert ReadPerson.objects.filter(user=secretary, taken_at__isnull=False).count() == 500


def test_what_the_product_tells_of_reading_is_written_by_its_reader(worker: User) -> None:
    with working(worker):
        actions.report_list_read(said="全部", total=3, by=None)
        actions.report_unusual_day(people=300, usual=None, is_at_limit=True, by=None)
    with system_scope("test"):
        entries = list(JournalEntry.objects.order_by("seq"))[-2:]
    assert [entry.by for entry in entries] == [worker, worker]
    assert [entry.kind for entry in entries] == ["list.read", "read.unusual_day"]
