"""The bars of the station's board: each opens the very cases it counts."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils.timezone import now

from linli.capabilities.cases.models import Case, Handling
from linli.capabilities.cases.queries import board
from linli.capabilities.cases.tests.builders import Station, a_case, a_station
from linli.capabilities.cases.tests.test_actions import as_worker, assigned
from linli.capabilities.cases.tests.test_station_pages import signed_in
from linli.core.actions import writes_allowed
from linli.core.scope import system_scope
from linli.core.time import today

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def station() -> Station:
    return a_station()


def shown(client: Client, href: str) -> int:
    answer = client.get(href)
    assert answer.status_code == 200
    return len(answer.context["cases"].rows)


def figures(page: str, caption: str) -> list[tuple[str, int]]:
    """Return the linked numbers of the table behind a picture."""
    (picture,) = [one for one in re.findall(r"<figure.*?</figure>", page, re.S) if caption in one]
    table = picture.split("<tbody>")[1].split("</tbody>")[0]
    return [
        (unescape(href), int(n)) for href, n in re.findall(r'<a href="([^"]+)">(\d+)</a>', table)
    ]


def a_busy_station(station: Station) -> None:
    """Four matters: one with the grid worker and late, one not, one at nobody, one long closed."""
    late, timely, _received, gone = (
        a_case(station, text) for text in ("楼上漏水", "半夜唱歌", "灯坏了", "门坏了")
    )
    assigned(station, late)
    assigned(station, timely)
    week_ago = now() - timedelta(weeks=1)
    with system_scope("test"), writes_allowed("test"):
        Case.objects.filter(pk=late.case.pk).update(
            due_on=today() - timedelta(2), received_at=week_ago
        )
        Case.objects.filter(pk=gone.case.pk).update(
            state="closed", outcome="fixed", received_at=week_ago, closed_at=now()
        )


@pytest.mark.postgres
def test_every_number_of_the_bars_opens_as_many_cases(station: Station) -> None:
    a_busy_station(station)
    worker = signed_in(station.worker)
    page = worker.get("/cases/board/").content.decode()
    weeks, waiting = figures(page, "每周收到和结掉"), figures(page, "等着办的")
    assert sum(n for href, n in weeks if "came=" in href) == 4
    assert sum(n for href, n in weeks if "ended=" in href) == 1
    assert len(waiting) == 3, "one community: in time, late, together"
    assert [n for _href, n in waiting] == [1, 1, 2]
    for href, number in (*weeks, *waiting):
        assert shown(worker, href) == number, href


def test_who_waits_for_nobody_and_for_a_party_is_told_apart(station: Station) -> None:
    a_busy_station(station)
    with system_scope("test"), writes_allowed("test"):
        share = Handling.objects.order_by("pk")[0]
        share.task.seat_place = None
        share.task.save()
    with as_worker(station):
        lines = {one.key: one for one in board().waiting_for}
    assert lines["nobody"].cases == 1
    worker = signed_in(station.worker)
    assert shown(worker, "/cases/?waits=nobody") == 1
    assert shown(worker, f"/cases/?waits=place-{station.town.community.pk}") == 1
    page = worker.get("/cases/?waits=nobody").content.decode()
    assert "在等：无人负责" in page


@pytest.mark.parametrize(
    "asked",
    [
        "waits=party-1",
        "waits=place-99999999999999999999",
        "waits=place-²",
        "waits=x",
        "came=2026-02-30",
        "ended=9999-12-31",
    ],
)
def test_what_no_bar_leads_to_shows_nothing_instead_of_everything(
    station: Station, asked: str
) -> None:
    a_busy_station(station)
    assert shown(signed_in(station.worker), f"/cases/?view=every&{asked}") == 0


def test_how_many_were_finished_is_not_said_of_a_list(station: Station) -> None:
    answer = signed_in(station.worker).get("/cases/?view=every")
    assert answer.context["cases"].page.paginator.hides_total
    assert {tab.count for tab in answer.context["tabs"] if "every" in tab.href} == {None}
