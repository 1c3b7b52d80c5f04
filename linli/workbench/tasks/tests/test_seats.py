"""At every moment an open task is with the nearest post that somebody holds who may do it."""

from __future__ import annotations

import contextlib
import random
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.places.actions import move_place
from linli.register.places.models import Place
from linli.register.posts import seat_changes
from linli.register.posts.actions import end_post, give_post
from linli.register.posts.models import Post, User
from linli.workbench.journal.models import JournalEntry
from linli.workbench.tasks import actions, kinds
from linli.workbench.tasks.actions.reseat import Move
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries import Seat, inbox, task_or_not_found, tasks_about
from linli.workbench.tasks.rules import SEES_CONFIDENTIAL, Answer, Stands, chain_of
from tests.people import Subdistrict, a_subdistrict, by_the_system, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
ROLES = ("grid_worker", "property_manager", "secretary")


@pytest.fixture(autouse=True)
def some_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    for role in ROLES:
        kind = kinds.TaskKind(f"test.{role}", role, role, working_days=3, weight=30)
        monkeypatch.setitem(kinds.KINDS, kind.key, kind)


@pytest.fixture
def town() -> Iterator[Subdistrict]:
    built = a_subdistrict(floors=1, doors=1)
    with system_scope("test"):
        yield built


def somebody(name: str) -> User:
    with by_the_system():
        return User.objects.create(username=name, name=name)


def appoint(user: User, role: str, place: Place, **days: Any) -> Post:
    given = {"from_date": today(), **days}
    return give_post(user=user, role=role, place=place, by=None, **given)


def open_at(place: Place, role: str = "grid_worker", **given: Any) -> Task:
    fresh = Place.objects.get(pk=place.pk)
    return actions.open_task(
        kind=f"test.{role}", about=fresh, place=fresh, title="看看", by=None, **given
    )


def seat_of(task: Task) -> tuple[str, int | None, bool, str]:
    now = Task.objects.get(pk=task.pk)
    return now.seat_role, now.seat_place_id, now.is_gap, now.missing_role


def test_an_appointment_brings_the_tasks_and_its_end_sends_them_up(town: Subdistrict) -> None:
    appoint(somebody("wu"), "community_worker", town.community)
    waiting = [open_at(town.home(number, "101")) for number in ("1", "2")]
    up = ("community_worker", town.community.pk, True, "grid_worker")
    assert [seat_of(task) for task in waiting] == [up, up]
    lin = somebody("lin")
    post = appoint(lin, "grid_worker", town.grids[0])
    here = ("grid_worker", town.grids[0].pk, False, "")
    assert [seat_of(task) for task in waiting] == [here, here]
    entry = JournalEntry.objects.get(kind="task.reseated")
    assert entry.text == "第1网格 · 网格员有人负责了：2件待办归这个岗位"
    assert {one.subject_id for one in entry.mentions.filter(subject_kind="tasks.task")} == {
        task.pk for task in waiting
    }
    with working_as("grid_worker", town.grids[0].path, user=lin):
        assert inbox(lin).total == 2
        assert not any(line.stands_in for door in inbox(lin).doors for line in door.lines)
    end_post(post=post, by=None)
    assert [seat_of(task) for task in waiting] == [up, up]
    last = JournalEntry.objects.filter(kind="task.reseated").order_by("-seq")[0]
    assert last.text == "“网格员”没有人能办：2件待办由殷家社区 · 社区工作者代办"


def test_who_has_taken_a_task_keeps_it_until_they_leave(town: Subdistrict) -> None:
    wu = somebody("wu")
    post = appoint(wu, "community_worker", town.community)
    task = open_at(town.home("1", "101"))
    with working_as("community_worker", town.community.path, user=wu):
        actions.accept_task(task=task_or_not_found(task.pk), by=wu)
    appoint(somebody("lin"), "grid_worker", town.grids[0])
    assert seat_of(task)[0] == "community_worker"
    end_post(post=post, by=None)
    assert seat_of(task) == ("grid_worker", town.grids[0].pk, False, "")


def test_a_post_that_begins_or_ends_by_its_date_takes_and_leaves_its_tasks(
    town: Subdistrict, time_machine: Any
) -> None:
    time_machine.move_to("2026-11-23 10:00+08:00")
    appoint(somebody("shu"), "secretary", town.community)
    task = open_at(town.home("1", "101"))
    begins, ends = today() + timedelta(days=1), today() + timedelta(days=2)
    appoint(somebody("lin"), "grid_worker", town.grids[0], from_date=begins, to_date=ends)
    assert actions.reseat_due() == 0, "not before its day"
    time_machine.move_to("2026-11-24 00:10+08:00")
    assert actions.reseat_due() == 1
    assert seat_of(task)[0] == "grid_worker"
    time_machine.move_to("2026-11-26 00:10+08:00")
    assert actions.reseat_due() == 1
    assert seat_of(task) == ("secretary", town.community.pk, True, "grid_worker")
    assert actions.reseat_due() == 0, "nothing is done twice"


def test_a_building_that_moves_to_another_grid_takes_its_tasks_there(town: Subdistrict) -> None:
    for number, grid in enumerate(town.grids):
        appoint(somebody(f"lin{number}"), "grid_worker", grid)
    task, done = open_at(town.home("1", "101")), open_at(town.home("1", "101"))
    actions.finish_task(task=done, by=None)
    move_place(place=town.building("1"), to=town.grids[1], reason="调整网格", by=None)
    assert seat_of(task) == ("grid_worker", town.grids[1].pk, False, "")
    assert seat_of(done)[1] == town.grids[0].pk, "who did it is history"
    actions.reopen_task(task=Task.objects.get(pk=done.pk), by=None)
    assert seat_of(done)[1] == town.grids[1].pk


def test_what_was_reported_to_a_post_that_empties_goes_on_up(town: Subdistrict) -> None:
    appoint(somebody("lin"), "grid_worker", town.grids[0])
    post = appoint(somebody("wu"), "community_worker", town.community)
    appoint(somebody("shu"), "secretary", town.community)
    task = open_at(town.home("1", "101"))
    actions.escalate_task(task=task, by=None)
    assert (task.raised_role, task.level) == ("community_worker", 1)
    end_post(post=post, by=None)
    task.refresh_from_db()
    assert (task.raised_role, task.seat_role, task.level) == ("secretary", "grid_worker", 1)


def test_nobody_moves_tasks_by_hand_past_the_posts(town: Subdistrict) -> None:
    shu = somebody("shu")
    appoint(shu, "secretary", town.community)
    task = open_at(town.home("1", "101"))
    to = Stands("secretary", town.community.path)
    with working_as("secretary", town.community.path, user=shu):
        with pytest.raises(Refused):
            actions.raise_tasks(tasks=[task.pk], to=to, confidential=False, by=shu)
        move = Move(to, Answer(to), "secretary", confidential=False)
        with pytest.raises(Refused):
            actions.move_tasks(move=move, tasks=[task.pk], by=shu)


def test_what_is_confidential_comes_to_nobody_who_may_not_see_it(town: Subdistrict) -> None:
    appoint(somebody("wu"), "community_worker", town.community)
    appoint(somebody("shu"), "secretary", town.community)
    post = appoint(somebody("lin"), "grid_worker", town.grids[0])
    task = open_at(
        town.home("1", "101"), confidential=True, seat=Seat("grid_worker", town.grids[0])
    )
    assert seat_of(task)[0] == "grid_worker", "it was given to them by hand"
    end_post(post=post, by=None)
    assert seat_of(task)[0] == "secretary"
    appoint(somebody("zhao"), "grid_worker", town.grids[0])
    assert seat_of(task)[0] == "secretary", "another holder does not get it by itself"
    entries = JournalEntry.objects.filter(kind="task.reseated")
    assert {entry.subject_kind for entry in entries} == {"tasks.task"}


def test_who_must_not_do_it_does_not_get_it(town: Subdistrict) -> None:
    lin, wu = somebody("lin"), somebody("wu")
    appoint(lin, "grid_worker", town.grids[0])
    appoint(wu, "community_worker", town.community)
    task = open_at(town.home("1", "101"), excluded=[lin, None])
    assert seat_of(task) == ("community_worker", town.community.pk, True, "grid_worker")
    with working_as("grid_worker", town.grids[0].path, user=lin):
        assert inbox(lin).total == 0
    zhao = somebody("zhao")
    appoint(zhao, "grid_worker", town.grids[0])
    assert seat_of(task) == ("grid_worker", town.grids[0].pk, False, "")
    with working_as("grid_worker", town.grids[0].path, user=lin):
        assert inbox(lin).total == 0, "it waits at their post, for the other holder"
        with pytest.raises(Refused) as refused:
            actions.accept_task(task=task_or_not_found(task.pk), by=lin)
        assert refused.value.code == "task.own_matter"
        with pytest.raises(Refused):
            actions.finish_task(task=task_or_not_found(task.pk), by=lin)
    with working_as("grid_worker", town.grids[0].path, user=zhao):
        actions.accept_task(task=task_or_not_found(task.pk), by=zhao)


def test_when_only_they_are_there_it_is_a_gap(town: Subdistrict) -> None:
    lin = somebody("lin")
    appoint(lin, "grid_worker", town.grids[0])
    task = open_at(town.home("1", "101"), excluded=[lin])
    assert seat_of(task) == ("grid_worker", None, True, "grid_worker")


def test_many_appointments_move_a_task_once(town: Subdistrict) -> None:
    task = open_at(town.home("1", "101"))
    with seat_changes.together():
        appoint(somebody("officer"), "subdistrict_officer", town.town)
        appoint(somebody("shu"), "secretary", town.community)
        appoint(somebody("lin"), "grid_worker", town.grids[0])
        assert seat_of(task)[1] is None
    assert seat_of(task)[0] == "grid_worker"
    assert JournalEntry.objects.filter(kind="task.reseated").count() == 1


class Days:
    """Random appointments, endings, moves and tasks, and what should be where."""

    def __init__(self, town: Subdistrict, seed: int) -> None:
        self.town, self.random = town, random.Random(seed)
        self.users = [somebody(f"u{number}") for number in range(4)]
        self.asked: dict[int, str] = {}
        self.seats = [
            ("subdistrict_officer", town.town),
            ("secretary", town.community),
            ("community_worker", town.community),
            *(("grid_worker", grid) for grid in town.grids),
            ("property_manager", town.estate),
            *(("property_manager", town.building(number)) for number in ("1", "2")),
        ]

    def appoint(self) -> None:
        role, place = self.random.choice(self.seats)
        # They may hold it already.
        with contextlib.suppress(Refused):
            appoint(self.random.choice(self.users), role, Place.objects.get(pk=place.pk))

    def end(self) -> None:
        held = list(Post.objects.filter(ended_at__isnull=True).order_by("pk"))
        if held:
            end_post(post=self.random.choice(held), by=None)

    def open(self) -> None:
        home = self.town.home(self.random.choice("12"), "101")
        role = self.random.choice(ROLES)
        secret = self.random.random() < 0.2
        barred = self.random.sample(self.users, self.random.choice((0, 0, 1, 2)))
        task = open_at(home, role, confidential=secret, excluded=barred)
        self.asked[task.pk] = role

    def accept(self) -> None:
        task = self.any_task()
        holders = [] if task is None else self.may_do(task)
        if task is not None and holders:
            actions.accept_task(task=task, by=self.random.choice(holders))

    def may_do(self, task: Task) -> list[User]:
        return [
            post.user
            for post in Post.objects.filter(ended_at__isnull=True, role=task.seat_role)
            if post.place_id == task.seat_place_id and post.user_id not in task.excluded_users
        ]

    def refuse(self) -> None:
        if (task := self.any_task()) is not None:
            try:
                actions.refuse_task(task=task, by=None, reason="不归我管")
            except Refused:
                return  # nobody above
            self.asked[task.pk] = task.seat_role

    def move(self) -> None:
        building = Place.objects.get(pk=self.town.building(self.random.choice("12")).pk)
        to = next(grid for grid in self.town.grids if grid.pk != building.parent_id)
        move_place(place=building, to=Place.objects.get(pk=to.pk), reason="调整", by=None)

    def any_task(self) -> Task | None:
        open_ones = list(Task.objects.filter(state__in=("open", "accepted")).order_by("pk"))
        return self.random.choice(open_ones) if open_ones else None

    def step(self) -> None:
        verbs = [self.appoint] * 4 + [self.end] * 3 + [self.open] * 3
        self.random.choice([*verbs, self.accept, self.refuse, self.move])()

    def wrong(self) -> list[str]:
        """Return the tasks that are not where they belong; worked out apart from the product."""
        posts = [
            (post.role, post.scope_path, post.user_id)
            for post in Post.objects.filter(ended_at__isnull=True)
        ]
        found = []
        for task in Task.objects.filter(state__in=("open", "accepted")).select_related("place"):
            if task.state == "accepted" and self._is_kept(task, posts):
                continue
            role = self.asked[task.pk]
            if task.confidential and role not in SEES_CONFIDENTIAL:
                role = "secretary"
            here = self._nearest(task, role, posts)
            place = task.seat_place.path if task.seat_place else ""
            if (task.seat_role, place, task.is_gap) != here:
                found.append(f"{task.pk}: {task.seat_role} {place} {task.is_gap}, not {here}")
        return found

    @staticmethod
    def _nearest(task: Task, role: str, posts: list[tuple[str, str, int]]) -> tuple[str, str, bool]:
        for wanted in chain_of(role):
            over = [
                path
                for held, path, user in posts
                if held == wanted
                and task.place.path.startswith(path)
                and user not in task.excluded_users
            ]
            if over:
                return wanted, max(over, key=len), wanted != role
        return role, "", True

    @staticmethod
    def _is_kept(task: Task, posts: list[tuple[str, str, int]]) -> bool:
        dispatching = ("community_worker", "secretary", "subdistrict_officer")
        return any(
            user == task.taken_by_id
            and (
                (task.seat_place and (held, path) == (task.seat_role, task.seat_place.path))
                or (held in dispatching and task.place.path.startswith(path))
            )
            for held, path, user in posts
        )


@pytest.mark.parametrize("seed", [1, 2])
def test_every_open_task_is_always_with_the_nearest_who_may_do_it(
    town: Subdistrict, seed: int
) -> None:
    days = Days(town, seed)
    for number in range(40):
        days.step()
        assert days.wrong() == [], f"step {number}"
    assert JournalEntry.objects.filter(kind="task.reseated").count() > 2, "nothing ever moved"


def test_a_task_that_does_not_follow_is_found(
    town: Subdistrict, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: without the listener tasks stay where nobody answers for them."""
    monkeypatch.setattr(seat_changes, "_listeners", [])
    days, wrong = Days(town, 1), []
    for _n in range(40):
        days.step()
        wrong += days.wrong()
    assert wrong


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [True, False])
def test_an_appointment_at_the_moment_a_task_is_opened_misses_nothing(
    locked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opened between the look at the posts and the commit; without the lock it would stay up."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time; the test database locks whole tables")
    built = a_subdistrict(floors=1, doors=1)
    users = {role: somebody(role) for role in ("secretary", "grid_worker")}
    from linli.workbench.tasks.actions import open as opening

    looked, given = threading.Event(), threading.Event()
    real = opening.seat_now

    def slowly(*args: Any, **more: Any) -> Seat:
        seat = real(*args, **more)
        looked.set()
        given.wait(timeout=1.5)
        return seat

    if not locked:
        monkeypatch.setattr(opening, "one_writer", lambda: None)
    with system_scope("test"):
        appoint(users["secretary"], "secretary", built.community)
        home = built.home("1", "101")
    monkeypatch.setattr(opening, "seat_now", slowly)

    def give() -> None:
        try:
            with system_scope("test"):
                looked.wait(timeout=5)
                appoint(users["grid_worker"], "grid_worker", built.grids[0])
                given.set()
        finally:
            connection.close()

    thread = threading.Thread(target=give)
    thread.start()
    with system_scope("test"):
        task = open_at(home)
    thread.join()
    with system_scope("test"):
        assert (seat_of(task)[0] == "grid_worker") is locked


def test_the_page_of_a_task_says_why_it_came(town: Subdistrict) -> None:
    lin = somebody("lin")
    appoint(lin, "grid_worker", town.grids[0])
    appoint(somebody("shu"), "secretary", town.community)
    open_at(town.home("1", "101"), excluded=[lin])
    (task,) = tasks_about(Place.objects.get(pk=town.home("1", "101").pk))
    from linli.workbench.tasks.pages.inbox import _why_here

    assert _why_here(task) == "“网格员”没有别人能办：它问的是那里的人自己办的事"
