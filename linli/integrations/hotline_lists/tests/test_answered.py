"""Fifty real messages with the answers they got, at their own dates, and the board of that day."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta

import pytest
import time_machine

from linli.capabilities.cases.models import Case
from linli.capabilities.cases.queries import board
from linli.capabilities.cases.tests.builders import a_station
from linli.core.time import CHINA, to_china
from linli.integrations.hotline_lists.actions import bring_list
from linli.integrations.hotline_lists.import_rows import import_list
from linli.integrations.hotline_lists.models import HotlineList
from linli.integrations.hotline_lists.preview import preview
from linli.register.places.models import Place
from linli.workbench.text_analysis.tests.shared import MESSAGES
from tests.people import working_as

FILE = MESSAGES / "answered.csv"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not FILE.is_file(), reason=f"the answered messages are not at {FILE}"),
]
SOME = 50


def some_rows() -> tuple[bytes, int]:
    """Return a list of the first messages, and how many of them were answered after they came."""
    with FILE.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        rows = [next(reader) for _n in range(SOME)]
        out = io.StringIO()
        writer = csv.DictWriter(out, reader.fieldnames or [])
        writer.writeheader()
        writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig"), len(rows)


def test_clocks_and_board_go_by_the_dates_of_the_list() -> None:
    station = a_station()
    data, many = some_rows()
    then = datetime(2019, 5, 13, 9, tzinfo=CHINA)  # a Monday, days after the last of them
    with (
        time_machine.travel(then),
        working_as("subdistrict_officer", station.town.town.path, user=station.officer),
    ):
        town = Place.objects.get(pk=station.town.town.pk)
        seen = preview(data, FILE.name, place=town)
        assert len(seen.rows) == many
        hotline_list = HotlineList(
            place=town,
            file_name=FILE.name,
            dispatch="",
            merge=False,
            counts=seen.counts(),
            rows=len(seen.orders()),
        )
        bring_list(hotline_list=hotline_list, by=station.officer)
        done = import_list(hotline_list, seen, by=station.officer)
        cases = list(Case.objects.all())
        seen_then = board()
    assert done.count("did_answered") == len(cases) == many
    for case in cases:
        assert case.received_at <= case.answered_at <= then
        assert case.due_on > to_china(case.received_at)
        if case.state == "closed":
            assert case.closed_at - case.answered_at == timedelta(days=7)
    outcomes = {key: n for key, _label, n in seen_then.outcomes}
    waiting = sum(case.answered_at > then - timedelta(days=6) for case in cases)
    assert seen_then.answered >= waiting > 0
    assert seen_then.open == seen_then.answered
    assert outcomes["fixed"] == 0
    came = sum(week.came for week in seen_then.weeks)
    first = seen_then.weeks[0].starts
    assert came == sum(to_china(case.received_at) >= first for case in cases) > 0
    assert seen_then.late == 0
