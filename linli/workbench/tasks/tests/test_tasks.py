"""A task finds the post that answers for it, and nobody loses it on the way."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client

from linli.core.actions import writes_allowed
from linli.core.errors import NotFound, Refused
from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.places.models import Place
from linli.register.posts.actions import end_post, issue_token
from linli.register.posts.models import Post, User
from linli.workbench.journal.models import JournalEntry
from linli.workbench.tasks import actions, kinds
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries import (
    Seat,
    gaps,
    inbox,
    seat_for,
    seats_for_choice,
    task_or_not_found,
    tasks,
    unattended,
)
from tests.people import Subdistrict, a_person, a_subdistrict, working_as
from tests.people import a_user as a_named_user

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

VISIT = "test.visit"


@pytest.fixture(autouse=True)
def a_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = kinds.TaskKind(VISIT, "探访", "grid_worker", working_days=3, weight=30)
    monkeypatch.setitem(kinds.KINDS, VISIT, kind)


@pytest.fixture
def town() -> Subdistrict:
    return a_subdistrict()


def a_user(role: str, place: Place, name: str = "") -> User:
    return a_named_user(name or role, role, place)


def renew(task: Task) -> None:
    with system_scope("look"):
        task.refresh_from_db()


def a_visit(town: Subdistrict, door: str = "101", **given: object) -> Task:
    home = town.home("1", door)
    person = a_person(home, f"虞{door}", aged=83)
    with system_scope("set up a test"):
        place = Place.objects.get(pk=home.pk)
        return actions.open_task(
            kind=VISIT,
            about=person,
            place=place,
            person=person,
            title=f"看望{person.name}",
            by=None,
            **given,
        )  # type: ignore[arg-type]


def grid_worker(town: Subdistrict, name: str = "林芳") -> User:
    return a_user("grid_worker", town.grids[0], name=name)


def test_a_task_goes_to_the_nearest_post_that_answers_for_the_place(town: Subdistrict) -> None:
    grid_worker(town)
    task = a_visit(town)
    assert (task.seat_role, task.seat_place_id) == ("grid_worker", town.grids[0].pk)
    assert not task.is_gap


def test_with_nobody_in_the_grid_it_goes_up_and_shows_as_a_gap(town: Subdistrict) -> None:
    a_user("secretary", town.community)
    task = a_visit(town)
    assert (task.seat_role, task.is_gap) == ("secretary", True)
    with working_as("secretary", town.community.path):
        assert ("grid_worker", town.grids[0].pk) in [(gap.role, gap.place.pk) for gap in gaps()]


def test_what_has_gone_up_stands_under_the_post_that_is_empty(town: Subdistrict) -> None:
    secretary = a_user("secretary", town.community)
    a_visit(town)
    with working_as("secretary", town.community.path, user=secretary):
        (gone_up,) = unattended()
        assert (gone_up.role, gone_up.place, gone_up.tasks, gone_up.is_minded) == (
            "grid_worker",
            town.grids[0],
            1,
            True,
        )
        client = Client()
        client.force_login(secretary)
        assert "网格员 · 由上一级代办" in client.get("/tasks/nobody/").content.decode()
        grid_worker(town)
        assert unattended() == []


def test_without_anybody_at_all_the_task_waits_and_is_listed(town: Subdistrict) -> None:
    task = a_visit(town)
    assert task.seat_place is None
    with working_as("subdistrict_officer", town.town.path):
        (waiting,) = unattended()
        assert waiting.tasks == 1
        officer = a_user("subdistrict_officer", town.town)
        assert inbox(officer).total == 1


def test_another_holder_finds_the_tasks_of_the_post_unchanged(town: Subdistrict) -> None:
    first = grid_worker(town)
    task = a_visit(town)
    with working_as("grid_worker", town.grids[0].path, user=first):
        actions.accept_task(task=task, by=first)
    before = (task.seat_role, task.seat_place_id, task.due_on, task.state)
    with system_scope("set up a test"):
        end_post(post=Post.objects.get(user=first), by=None)
    second = grid_worker(town, "周强")
    renew(task)
    assert (task.seat_role, task.seat_place_id, task.due_on, task.state) == before
    with working_as("grid_worker", town.grids[0].path, user=second):
        assert [line.pk for door in inbox(second).doors for line in door.lines] == [task.pk]


@pytest.mark.parametrize("verb", ["finish", "accept, then finish", "refuse"])
def test_another_holder_goes_on_with_what_the_leaver_had_accepted(
    town: Subdistrict, verb: str
) -> None:
    first, second = grid_worker(town), a_user("grid_worker", town.grids[1], name="周强")
    a_user("secretary", town.community)
    task = a_visit(town)
    with working_as("grid_worker", town.grids[0].path, user=first):
        actions.accept_task(task=task, by=first)
    with system_scope("set up a test"):
        end_post(post=Post.objects.get(user=first), by=None)
    grid_worker(town, "赵敏")
    minnow = User.objects.get(name="用户赵敏")
    assert second.pk != minnow.pk
    with working_as("grid_worker", town.grids[0].path, user=minnow):
        mine = task_or_not_found(task.pk)
        if verb == "refuse":
            actions.refuse_task(task=mine, by=minnow, reason="不在我这一格")
            assert (mine.state, mine.seat_role) == ("open", "secretary")
            return
        if verb.startswith("accept"):
            actions.accept_task(task=mine, by=minnow)
            assert mine.taken_by == minnow
        actions.finish_task(task=mine, by=minnow, result="看过了")
    assert (mine.state, mine.taken_by, mine.ended_by) == ("done", minnow, minnow)


def test_an_old_page_does_not_finish_what_another_took_meanwhile(town: Subdistrict) -> None:
    one, other = grid_worker(town), grid_worker(town, "周强")
    a_visit(town)
    with working_as("grid_worker", town.grids[0].path, user=other):
        old = task_or_not_found(Task.objects.get().pk)
    with working_as("grid_worker", town.grids[0].path, user=one):
        actions.accept_task(task=task_or_not_found(old.pk), by=one)
    with working_as("grid_worker", town.grids[0].path, user=other), pytest.raises(Refused):
        actions.finish_task(task=old, by=other, result="看过了")
    renew(old)
    assert (old.state, old.taken_by) == ("accepted", one)


def test_an_empty_seat_is_minded_from_above_until_somebody_sits_there(town: Subdistrict) -> None:
    leaver = grid_worker(town)
    secretary = a_user("secretary", town.community)
    task = a_visit(town)
    with working_as("secretary", town.community.path, user=secretary):
        assert inbox(secretary).total == 0
    with system_scope("set up a test"):
        end_post(post=Post.objects.get(user=leaver), by=None)
    with working_as("secretary", town.community.path, user=secretary):
        (door,) = inbox(secretary).doors
        assert door.lines[0].stands_in
    renew(task)
    assert (task.seat_role, task.is_gap, task.missing_role) == ("secretary", True, "grid_worker")
    grid_worker(town, "赵敏")
    renew(task)
    assert (task.seat_role, task.is_gap, task.missing_role) == ("grid_worker", False, "")


def test_two_people_cannot_take_the_same_task(town: Subdistrict) -> None:
    one, other = grid_worker(town), grid_worker(town, "周强")
    task = a_visit(town)
    with working_as("grid_worker", town.grids[0].path, user=one):
        actions.accept_task(task=task, by=one)
    with working_as("grid_worker", town.grids[0].path, user=other):
        with pytest.raises(Refused) as refused:
            actions.accept_task(task=task_or_not_found(task.pk), by=other)
        assert "林芳" in refused.value.sentence
        with pytest.raises(Refused):
            actions.finish_task(task=task_or_not_found(task.pk), by=other, result="看过了")


@pytest.mark.django_db(transaction=True)
def test_eight_people_tap_at_once_and_one_gets_it(town: Subdistrict) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("the test database lies in memory and locks whole tables")
    people = [grid_worker(town, f"网格员{n}") for n in range(8)]
    task = a_visit(town)
    got: list[str] = []

    def tap(user: User) -> None:
        try:
            with working_as("grid_worker", town.grids[0].path, user=user):
                actions.accept_task(task=task_or_not_found(task.pk), by=user)
                got.append(user.name)
        except Refused:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=tap, args=(user,)) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 1
    with system_scope("look"):
        assert JournalEntry.objects.filter(kind="task.accepted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_accepts_while_another_finishes_and_never_both(town: Subdistrict) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("the test database lies in memory and locks whole tables")
    people = {"accept": grid_worker(town), "finish": grid_worker(town, "周强")}
    tasks_open = [a_visit(town, door) for door in ("101", "102", "201", "202", "301", "302")]
    did: dict[int, list[str]] = {task.pk: [] for task in tasks_open}
    at_once = threading.Barrier(2)

    def go(verb: str) -> None:
        user = people[verb]
        try:
            with working_as("grid_worker", town.grids[0].path, user=user):
                for one in [task_or_not_found(task.pk) for task in tasks_open]:
                    at_once.wait(timeout=30)
                    try:
                        if verb == "accept":
                            actions.accept_task(task=one, by=user)
                        else:
                            actions.finish_task(task=one, by=user, result="看过了")
                        did[one.pk].append(verb)
                    except Refused:
                        pass
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(verb,)) for verb in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for task in tasks_open:
        renew(task)
        (verb,) = did[task.pk]
        assert task.taken_by == people[verb]


def test_what_is_refused_goes_one_post_up_with_the_reason_and_the_same_day(
    town: Subdistrict,
) -> None:
    worker = grid_worker(town)
    a_user("community_worker", town.community)
    task = a_visit(town)
    due = task.due_on
    with working_as("grid_worker", town.grids[0].path, user=worker):
        with pytest.raises(Refused):
            actions.refuse_task(task=task, by=worker, reason=" ")
        actions.refuse_task(task=task, by=worker, reason="不在我这一格")
    assert (task.seat_role, task.due_on, task.refused_times) == ("community_worker", due, 1)


def test_a_task_is_handed_only_to_a_post_that_covers_the_place(town: Subdistrict) -> None:
    worker = grid_worker(town)
    a_user("secretary", town.community)
    task = a_visit(town)
    with working_as("secretary", town.community.path):
        choice = seats_for_choice(task.place)
        assert {(one.role, one.place.pk) for one in choice if one.place} == {
            ("grid_worker", town.grids[0].pk),
            ("secretary", town.community.pk),
        }
        with pytest.raises(Refused):
            actions.hand_over_task(
                task=task, by=worker, seat=Seat("grid_worker", town.grids[1]), reason="换人"
            )
        actions.hand_over_task(
            task=task, by=worker, seat=Seat("secretary", town.community), reason="需要书记出面"
        )
    assert (task.seat_role, task.state) == ("secretary", "open")


def test_only_what_can_be_taken_back_offers_it(
    town: Subdistrict, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, client = grid_worker(town), Client()
    client.force_login(worker)
    task = a_visit(town)
    for goes_back in (False, True):
        kind = replace(kinds.KINDS[VISIT], refusal_goes_back=goes_back)
        monkeypatch.setitem(kinds.KINDS, VISIT, kind)
        with working_as("grid_worker", town.grids[0].path, user=worker):
            fresh = task_or_not_found(task.pk)
            if fresh.state == "done":
                with system_scope("set up a test"), writes_allowed("set up a test"):
                    Task.objects.update(state="open", taken_by=None)
        page = client.post(f"/tasks/{task.pk}/finish/", {"result": "好"}, follow=True)
        assert page.status_code == 200
        assert (f"/tasks/{task.pk}/reopen/" in page.content.decode()) is not goes_back
        shown = client.get(f"/tasks/{task.pk}/").content.decode()
        assert ("撤销办结" in shown) is not goes_back


def test_done_by_mistake_is_taken_back(town: Subdistrict) -> None:
    worker = grid_worker(town)
    task = a_visit(town)
    with working_as("grid_worker", town.grids[0].path, user=worker):
        actions.finish_task(task=task, by=worker, result="人在家，一切好")
        assert task.state == "done"
        actions.reopen_task(task=task, by=worker)
        assert task.state == "accepted"
        actions.cancel_task(task=task, by=worker, reason="已搬走")
        assert task.state == "cancelled"


def test_one_occasion_makes_one_task_however_often_it_is_asked_for(town: Subdistrict) -> None:
    grid_worker(town)
    first = a_visit(town, occasion="lift:7:2026-12-01")
    with system_scope("set up a test"):
        again = actions.open_task(
            kind=VISIT,
            about=first,
            place=first.place,
            title="再来一次",
            by=None,
            occasion="lift:7:2026-12-01",
        )
        assert (again.pk, Task.objects.count()) == (first.pk, 1)


def test_a_late_task_goes_up_once_for_each_two_working_days(town: Subdistrict) -> None:
    grid_worker(town)
    secretary = a_user("secretary", town.community)
    task = a_visit(town, due_on=today() - timedelta(days=7))
    assert actions.escalate_late_tasks() == 1
    renew(task)
    assert (task.level, task.raised_role, task.seat_role) == (1, "secretary", "grid_worker")
    with working_as("secretary", town.community.path, user=secretary):
        assert inbox(secretary).raised == 1
    a_user("subdistrict_officer", town.town)
    actions.escalate_late_tasks()
    renew(task)
    assert task.raised_role == "subdistrict_officer"
    assert actions.escalate_late_tasks() == 0


def test_a_property_manager_sees_only_what_their_post_was_given(town: Subdistrict) -> None:
    grid_worker(town)
    a_user("property_manager", town.estate)
    task = a_visit(town)
    with working_as("property_manager", town.estate.path):
        assert list(tasks()) == []
        with pytest.raises(NotFound):
            task_or_not_found(task.pk)
    with working_as("grid_worker", town.grids[1].path):
        assert list(tasks()) == []


def test_the_inbox_puts_the_most_urgent_door_first_and_gathers_a_door(town: Subdistrict) -> None:
    worker = grid_worker(town)
    a_visit(town, "101")
    late = a_visit(town, "201", due_on=today() - timedelta(days=1))
    with system_scope("set up a test"):
        actions.open_task(
            kind=VISIT,
            about=late,
            place=late.place,
            title="核对电话",
            by=None,
            due_on=today() + timedelta(days=30),
        )
    with working_as("grid_worker", town.grids[0].path, user=worker):
        found = inbox(worker)
        assert ["201" in door.address for door in found.doors] == [True, False]
        assert [len(door.lines) for door in found.doors] == [2, 1]
        assert [line.title for line in found.doors[0].lines] == ["看望虞201", "核对电话"]
        assert found.doors[0].lines[0].reasons == ("高龄", "独居", "空巢", "逾期1天")
        assert found.doors[0].lines[0].needs == ("高龄", "独居", "空巢")
        assert (found.total, found.late) == (3, 1)
        assert inbox(worker, only="late").doors[0].lines[0].pk == late.pk


def test_days_off_of_an_unknown_year_can_be_entered_and_count(town: Subdistrict) -> None:
    from linli.core.time import add_working_days
    from linli.workbench.tasks.queries import calendar, unknown_year_ahead

    officer = a_user("subdistrict_officer", town.town)
    start = date(2029, 12, 31)
    assert unknown_year_ahead(date(2029, 12, 1)) in (2029, 2030)
    before = add_working_days(start, 1, calendar())
    with working_as("subdistrict_officer", town.town.path, user=officer):
        with pytest.raises(Refused):
            actions.enter_year(
                year=2030, holidays=[date(2031, 1, 1)], worked=[], source="国办发", by=officer
            )
        actions.enter_year(
            year=2030,
            holidays=[date(2030, 1, 1), date(2030, 1, 2)],
            worked=[date(2030, 1, 5)],
            source="国办发明电〔2029〕1号",
            by=officer,
        )
    assert (before, add_working_days(start, 1, calendar())) == (date(2030, 1, 1), date(2030, 1, 3))


def test_open_tasks_are_counted_anew_when_the_year_is_entered(
    town: Subdistrict, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = a_user("subdistrict_officer", town.town)
    grid_worker(town)
    counted, by_hand = a_visit(town), a_visit(town, "201", due_on=today() + timedelta(days=3))
    before = counted.due_on
    assert before is not None
    year = before.year
    client = Client()
    client.force_login(officer)
    given = {"year": year, "holidays": before.isoformat(), "worked": "", "source": "国办发〔1〕号"}
    page = client.post("/tasks/working-days/", given, follow=True).content.decode()
    assert "重新算了1件待办的期限" in page
    renew(counted)
    renew(by_hand)
    assert counted.due_on is not None
    assert counted.due_on > before
    assert by_hand.due_on == today() + timedelta(days=3)
    with system_scope("look"):
        assert JournalEntry.objects.filter(kind="task.recounted").count() == 1
        again = actions.recount_task(task=counted, due_on=before, by=None)
    assert again.due_on == before


def test_the_task_page_and_programs_say_why_it_comes_first(town: Subdistrict) -> None:
    worker, client = grid_worker(town), Client()
    client.force_login(worker)
    task = a_visit(town, due_on=today())
    why = "高龄、独居、空巢、今天到期"
    assert why in client.get(f"/tasks/{task.pk}/").content.decode()
    assert "高龄、独居、空巢" in client.get("/tasks/").content.decode()
    with working_as("grid_worker", town.grids[0].path, user=worker):
        post = Post.objects.get(user=worker)
        raw = issue_token(post=post, name="大屏", purpose="同步待办清单", days=30, by=worker).raw
    answer = client.get("/api/v1/tasks", headers={"Authorization": f"Bearer {raw}"}).json()
    assert answer["doors"][0]["tasks"][0]["reasons"] == why.split("、")


def test_nobody_without_the_post_works_on_it(town: Subdistrict) -> None:
    grid_worker(town)
    other = a_user("property_manager", town.estate)
    task = a_visit(town)
    with working_as("property_manager", town.estate.path, user=other), pytest.raises(Refused):
        actions.accept_task(task=task, by=other)
    with system_scope("look"):
        assert seat_for(VISIT, task.place).role == "grid_worker"


def test_going_up_is_an_action_of_its_own(town: Subdistrict) -> None:
    grid_worker(town)
    task = a_visit(town, due_on=today() - timedelta(days=9))
    with system_scope("late"), pytest.raises(NotFound):
        actions.escalate_task(task=task, by=None)
