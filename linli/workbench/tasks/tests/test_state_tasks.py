"""A task that the state of its subject asks for ends with that state, and not by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.workbench.tasks import actions, kinds
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.tests.test_tasks import VISIT, a_kind, a_visit, grid_worker, town  # noqa: F401 - fixtures
from tests.people import Subdistrict, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def task(town: Subdistrict, monkeypatch: pytest.MonkeyPatch) -> Task:  # noqa: F811
    monkeypatch.setitem(kinds.KINDS, VISIT, replace(kinds.KINDS[VISIT], ends_with_subject=True))
    return a_visit(town)


def test_it_is_not_ended_by_hand_but_may_be_taken_and_sent_back(
    town: Subdistrict,  # noqa: F811
    task: Task,
) -> None:
    lin = grid_worker(town)
    with working_as("grid_worker", town.grids[0].path, user=lin):
        task.seat_role, task.seat_place = "grid_worker", town.grids[0]
        for end in (
            lambda: actions.finish_task(task=task, by=lin),
            lambda: actions.cancel_task(task=task, by=lin, reason="不用了"),
        ):
            with pytest.raises(Refused, match="自己的页面"):
                end()


def test_it_ends_with_its_subject_whoever_holds_it_and_once(
    town: Subdistrict,  # noqa: F811
    task: Task,
) -> None:
    lin = grid_worker(town)
    with working_as("property_manager", town.estate.path, user=lin):
        ended = actions.end_state_tasks(about=task.person, kinds=(VISIT,), by=lin, result="去过")
        again = actions.end_state_tasks(about=task.person, kinds=(VISIT,), by=lin, result="去过")
    assert (ended, again) == (1, 0)
    with system_scope("look"):
        task.refresh_from_db()
        assert (task.state, task.result, task.ended_by) == ("done", "去过", lin)
        with pytest.raises(Refused):
            actions.end_with_subject(task=task, by=lin, result="又一次")
        with pytest.raises(Refused):
            actions.reopen_task(task=task, by=lin)
