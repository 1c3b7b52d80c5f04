"""Where the time of a case went: every state with its days, over all rounds."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from linli.capabilities.cases import actions
from linli.capabilities.cases.models import Case
from linli.capabilities.cases.queries import shares_of
from linli.capabilities.cases.queries.spans import spans_of
from linli.capabilities.cases.tests.builders import Station, a_case, a_station
from linli.capabilities.cases.tests.test_actions import (
    as_grid_worker,
    as_worker,
    assigned,
    renewed,
    speak,
)
from linli.core.scope import system_scope
from linli.workbench.tasks.actions import accept_task, finish_task

pytestmark = [pytest.mark.django_db]


def spans(case: Case) -> list[tuple[str, str, str]]:
    with system_scope("look"):
        found = spans_of(renewed(case), shares_of(case))
    return [
        (one.state, f"{one.starts:%m-%d}", f"{one.ends:%m-%d}" if one.ends else "") for one in found
    ]


def test_two_rounds_of_a_case_are_told_day_by_day(time_machine: Any) -> None:
    def on(day: int) -> None:
        time_machine.move_to(f"2026-11-{day:02} 10:00+08:00")

    on(2)
    station: Station = a_station()
    taken = a_case(station)
    on(3)
    task = assigned(station, taken)
    on(5)
    with as_grid_worker(station):
        accept_task(task=task, by=station.grid_worker)
        on(9)
        finish_task(task=task, by=station.grid_worker, result="已上门劝说")
    assert spans(taken.case) == [
        ("received", "11-02", "11-03"),
        ("assigned", "11-03", "11-05"),
        ("accepted", "11-05", "11-09"),
        ("handled", "11-09", ""),
    ]
    on(10)
    with as_worker(station):
        actions.answer_case(case=renewed(taken.case), by=station.worker, text="已处理")
    on(12)
    speak(taken, fixed=False)
    on(13)
    assigned(station, taken)
    assert spans(taken.case)[3:] == [
        ("handled", "11-09", "11-10"),
        ("answered", "11-10", "11-12"),
        ("received", "11-12", "11-13"),
        ("assigned", "11-13", ""),
    ]
    on(27)
    client = Client()
    client.force_login(station.worker)
    drawn = client.get(f"/cases/{taken.case.pk}/").context["time"]
    assert drawn.until == date(2026, 11, 27)
    assert [span.note for span in drawn.spans if span.label == "待接办"] == ["第1网格 · 网格员"] * 2
    page = client.get(f"/cases/{taken.case.pk}/").content.decode()
    assert "合计 25天" in page
    assert "逾期" in page


def test_of_a_case_that_came_today_there_is_nothing_to_draw() -> None:
    station = a_station()
    taken = a_case(station)
    client = Client()
    client.force_login(station.worker)
    assert client.get(f"/cases/{taken.case.pk}/").context["time"] is None
