"""A1: at every step from the report to the answer somebody has a task and the reporter hears."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from linli.capabilities.cases import actions
from linli.capabilities.cases.actions import Reporter, open_missing_tasks, public
from linli.capabilities.cases.models import Case
from linli.capabilities.cases.queries import by_tracking, case_or_not_found
from linli.capabilities.cases.tests.builders import Station, a_case, a_station
from linli.capabilities.cases.tests.test_actions import (
    as_grid_worker,
    as_secretary,
    as_worker,
    handled,
    renewed,
    the_task,
)
from linli.core.actions import writes_allowed
from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.core.time import add_working_days, today
from linli.register.places.models import Place
from linli.workbench.notices.models import Delivery
from linli.workbench.tasks.actions import (
    accept_task,
    cancel_task,
    finish_task,
    refuse_task,
    reopen_task,
)
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries import calendar, inbox, task_or_not_found
from linli.workbench.tasks.terms import UNFINISHED

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
REPORTER = Reporter("虞阿香", "13800138000", "sms")


@pytest.fixture
def station() -> Station:
    return a_station()


def open_tasks(case: Case) -> list[tuple[str, str]]:
    """Return who must act now: the kinds of the open tasks of a case, and their roles."""
    with system_scope("look"):
        rows = Task.objects.filter(
            subject_kind="cases.case", subject_id=case.pk, state__in=UNFINISHED
        )
        return sorted(rows.values_list("kind", "seat_role"))


def state_task(case: Case) -> Task:
    with system_scope("look"):
        task: Task = Task.objects.select_related("place", "seat_place").get(
            subject_kind="cases.case",
            subject_id=case.pk,
            kind__in=("cases.dispatch", "cases.answer"),
            state__in=UNFINISHED,
        )
        return task


def told() -> list[str]:
    with system_scope("look"):
        keys = Delivery.objects.order_by("pk").values_list("notice__key", flat=True)
        return [key.rpartition(":")[2] if key.startswith("case-step") else "answer" for key in keys]


def test_from_the_report_to_the_answer_somebody_has_a_task_and_the_reporter_hears(
    station: Station,
) -> None:
    with system_scope("look"):
        place = Place.objects.get(pk=station.town.building("1").pk)
    taken = public.report(
        text="三楼半夜装修", place=place, spot="", reporter=REPORTER, client_id="one"
    )
    case = taken.case
    assert open_tasks(case) == [("cases.dispatch", "community_worker")]
    assert state_task(case).due_on == add_working_days(today(), 1, calendar())
    with as_worker(station):
        (line,) = [line for door in inbox(station.worker).doors for line in door.lines]
        assert (line.kind, line.title) == ("cases.dispatch", case.title)
        actions.assign_case(case=case_or_not_found(case.pk), by=station.worker)
    assert open_tasks(case) == [("cases.handle", "community_worker")]
    with as_worker(station):
        accept_task(task=the_task(case), by=station.worker)
        finish_task(task=the_task(case), by=station.worker, result="已劝停")
    assert open_tasks(case) == [("cases.answer", "community_worker")]
    answering = state_task(case)
    assert (answering.note, answering.due_on) == (
        "已劝停",
        add_working_days(today(), 2, calendar()),
    )
    with as_worker(station):
        actions.answer_case(case=renewed(case), by=station.worker, text="晚上不再施工")
    assert open_tasks(case) == []
    with system_scope("look"):
        ended = Task.objects.filter(kind__in=("cases.dispatch", "cases.answer"))
        assert {(task.state, task.ended_by) for task in ended} == {("done", station.worker)}
    assert told() == ["received", "assigned", "in_hand", "handled", "answer"]
    report = by_tracking(taken.tracking, taken.secret)
    assert report is not None
    public.say_verdict(report=report, fixed=False, text="昨晚又吵")
    again = state_task(case)
    assert (again.kind, again.seat_role) == ("cases.dispatch", "community_worker")
    assert again.note.startswith("居民说没解决：昨晚又吵")
    assert told()[-1] == "reopened"
    with as_worker(station):
        actions.assign_case(case=case_or_not_found(case.pk), by=station.worker)
    assert open_tasks(case) == [("cases.handle", "community_worker")]
    assert told()[-1] == "assigned"


def test_what_the_state_asks_for_is_not_ended_by_hand(station: Station) -> None:
    case = a_case(station).case
    task = state_task(case)
    with as_worker(station):
        for ending in (
            lambda: finish_task(task=task, by=station.worker),
            lambda: cancel_task(task=task, by=station.worker, reason="不用办了"),
        ):
            with pytest.raises(Refused, match="自己的页面"):
                ending()
        # Negative control: taking it up is no end.
        accept_task(task=task_or_not_found(task.pk), by=station.worker)
        actions.assign_case(case=case_or_not_found(case.pk), by=station.worker)
        with pytest.raises(Refused):
            reopen_task(task=task_or_not_found(task.pk), by=station.worker)


def test_sent_back_it_waits_for_dispatch_with_the_reason(station: Station) -> None:
    case = a_case(station, reporter=REPORTER).case
    with as_worker(station):
        actions.assign_case(case=case_or_not_found(case.pk), by=station.worker)
    with as_worker(station):
        refuse_task(task=the_task(case), by=station.worker, reason="归物业管")
    assert open_tasks(case) == [("cases.dispatch", "community_worker")]
    assert "归物业管" in state_task(case).note
    # Handed out again the reporter hears nothing twice.
    with as_worker(station):
        actions.assign_case(case=case_or_not_found(case.pk), by=station.worker)
    assert told() == ["received", "assigned"]


def test_by_every_door_the_task_goes_with_the_case(station: Station) -> None:
    one, two, three = (a_case(station, f"{n}号桶满了没人清").case for n in range(3))
    with as_worker(station):
        actions.merge_cases(
            case=case_or_not_found(one.pk), into=case_or_not_found(two.pk), by=station.worker
        )
        actions.withdraw_case(
            case=case_or_not_found(three.pk), by=station.worker, reason="不用办了"
        )
        actions.answer_case(
            case=case_or_not_found(two.pk), by=station.worker, text="归市容", kind="cannot"
        )
    assert [open_tasks(case) for case in (one, two, three)] == [[], [], []]
    with system_scope("look"):
        states = Task.objects.filter(kind="cases.dispatch").order_by("subject_id")
        assert list(states.values_list("state", flat=True)) == ["cancelled", "done", "cancelled"]
    with as_worker(station):
        actions.unmerge_case(case=case_or_not_found(one.pk), by=station.worker)
        actions.reopen_case(case=case_or_not_found(two.pk), by=station.worker, reason="又满了")
    assert open_tasks(one) == open_tasks(two) == [("cases.dispatch", "community_worker")]
    assert "又满了" in state_task(two).note


def test_moved_the_task_goes_to_the_other_place(station: Station) -> None:
    case = a_case(station).case
    with system_scope("look"):
        other = Place.objects.get(pk=station.town.community.pk)
    with as_worker(station):
        actions.move_case(case=case_or_not_found(case.pk), place=other, by=station.worker)
    assert state_task(case).place_id == other.pk
    assert len(open_tasks(case)) == 1


def test_a_confidential_case_is_for_the_secretary_and_tells_nothing(station: Station) -> None:
    case = a_case(station, category=station.violence, reporter=REPORTER).case
    task = state_task(case)
    assert (task.seat_role, task.confidential, task.note) == ("secretary", True, "")
    assert case.title not in task.title
    with as_worker(station):
        assert inbox(station.worker).total == 0
    with as_secretary(station):
        assert inbox(station.secretary).total == 1
    assert told() == []


def test_who_handled_what_needs_review_does_not_answer_it(station: Station) -> None:
    taken = a_case(station, category=station.lift)
    with as_worker(station):
        actions.assign_case(case=case_or_not_found(taken.case.pk), by=station.worker)
        finish_task(task=the_task(taken.case), by=station.worker, result="修好了")
    assert open_tasks(taken.case) == [("cases.answer", "secretary")]


def test_who_asked_for_a_call_is_called_once_and_who_asked_for_nothing_hears_nothing(
    station: Station,
) -> None:
    for wants in ("phone", "page", "none"):
        case = handled(station, a_case(station, reporter=Reporter("甲", "13800138001", wants)))
        with as_worker(station):
            actions.answer_case(case=case, by=station.worker, text="已处理")
    assert told() == ["answer"]


def test_cases_older_than_these_tasks_get_theirs_once(station: Station) -> None:
    new, done = a_case(station).case, handled(station, a_case(station))
    with system_scope("an older version"), writes_allowed("set up a test"):
        Task.objects.filter(kind__in=("cases.dispatch", "cases.answer")).delete()
        Case.objects.filter(pk=new.pk).update(received_at=timezone.now() - timedelta(days=30))
    assert open_missing_tasks() == 2
    assert open_tasks(new) == [("cases.dispatch", "community_worker")]
    assert open_tasks(done) == [("cases.answer", "community_worker")]
    # Not late on the day it is opened, and not opened again.
    assert state_task(new).due_on == add_working_days(today(), 1, calendar())
    assert open_missing_tasks() == 0
    with as_grid_worker(station):
        assert inbox(station.grid_worker).total == 0
