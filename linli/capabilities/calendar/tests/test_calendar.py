"""What is coming is seen by month, and calendar programs read it until the address is revoked."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

import icalendar
import pytest
import recurring_ical_events
from django.test import Client

from linli.capabilities.calendar.ics import calendar_of, folded
from linli.capabilities.calendar.upcoming import Coming, days_of
from linli.core.actions import writes_allowed
from linli.core.scope import system_scope
from linli.core.time import now
from linli.register.facilities.actions import Cycle, NewFacility, add_facilities, set_duty
from linli.register.posts.models import Post, User
from linli.workbench.tasks.actions import open_task
from linli.workbench.tasks.models import Task
from tests.people import Subdistrict, a_person, a_subdistrict, a_user

pytestmark = pytest.mark.django_db
ADDRESS = re.compile(r"/cal/[\w-]+\.ics")


@pytest.fixture
def town(time_machine: Any) -> Subdistrict:
    time_machine.move_to("2026-11-23 10:00+08:00")
    town = a_subdistrict()
    a_user("shuji", "secretary", town.community)
    with system_scope("test"):
        new = NewFacility(town.building("1"), "电梯", "甲梯；1,2号", expires_on=date(2026, 12, 31))
        lift = add_facilities(facilities=[new], by=None)[0]
        set_duty(
            facility=lift,
            kind="check",
            name="月检",
            cycle=Cycle(months=1),
            due_on=date(2026, 11, 30),
            by=None,
        )
        person = a_person(town.home("1", "101"), "虞阿香", aged=90)
        open_task(
            kind="directory.follow_up",
            about=person,
            person=person,
            place=town.home("1", "101"),
            title="回访虞阿香",
            due_on=date(2026, 11, 27),
            by=None,
        )
    return town


@pytest.fixture
def shuji(client: Client, town: Subdistrict) -> Client:
    with system_scope("test"):
        client.force_login(User.objects.get(username="shuji"))
    return client


def a_feed(client: Client, covers: str) -> str:
    page = client.post("/calendar/feeds/", {"covers": covers, "name": "我的手机"})
    found = ADDRESS.search(page.content.decode())
    assert found is not None
    return found.group()


def test_a_month_and_its_list(shuji: Client) -> None:
    page = shuji.get("/calendar/").content.decode()
    for words in ("回访虞阿香", "甲梯；1,2号 · 月检", "2026-11"):
        assert words in page
    december = shuji.get("/calendar/?month=2026-12").content.decode()
    assert "月检" in december
    assert "有效期至" in december
    assert "月检" not in shuji.get("/calendar/?whose=mine").content.decode()
    assert shuji.get("/calendar/?month=nonsense").status_code == 200


def test_a_day_of_either_month_opens_what_it_counts_and_names_nobody_else(shuji: Client) -> None:
    page = shuji.get("/calendar/")
    fields = re.findall(
        r'href="(\?day=([\d-]+)#days)"\s+aria-label="[^"]* (\d+)件"', page.content.decode()
    )
    assert {day[:7] for _href, day, _n in fields} == {"2026-11", "2026-12"}
    for href, day, number in fields:
        ((shown, rows, is_open),) = shuji.get(f"/calendar/{unescape(href)}").context["days"]
        assert is_open, "the one day that was asked for is not folded"
        assert (shown.isoformat(), len(rows)) == (day, int(number))
    december = shuji.get("/calendar/?day=2026-12-30").content.decode()
    assert "回访虞阿香" not in december
    assert "只看" in december
    empty = shuji.get("/calendar/?day=2026-11-02").content.decode()
    assert "这一天没有日子" in empty
    assert shuji.get("/calendar/?day=9999-12-31").status_code == 200


def test_programs_read_a_place_and_find_no_names(shuji: Client) -> None:
    answer = Client().get(a_feed(shuji, "place"))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    body = answer.content
    assert "虞阿香" not in body.decode().replace("\r\n ", "")
    assert max(map(len, body.split(b"\r\n"))) <= 75
    read = icalendar.Calendar.from_ical(body)
    said = {str(event["SUMMARY"]) for event in read.walk("VEVENT")}
    assert said == {"转介回访", "甲梯；1,2号 · 月检", "甲梯；1,2号 · 有效期至"}
    year = recurring_ical_events.of(read).between(date(2026, 11, 1), date(2027, 11, 1))
    checks = sorted(e["DTSTART"].dt for e in year if "月检" in e["SUMMARY"])
    assert len(checks) == 12
    assert date(2027, 2, 28) in checks
    assert date(2027, 3, 30) in checks


def test_a_post_gets_only_its_own_tasks(shuji: Client) -> None:
    read = icalendar.Calendar.from_ical(Client().get(a_feed(shuji, "post")).content)
    assert [str(e["SUMMARY"]) for e in read.walk("VEVENT")] == ["转介回访"]


def test_a_revoked_address_opens_nothing_and_a_leaver_is_out(
    shuji: Client, town: Subdistrict
) -> None:
    first, second = a_feed(shuji, "post"), a_feed(shuji, "place")
    with system_scope("test"):
        from linli.capabilities.calendar.models import Feed

        mine = Feed.objects.order_by("pk").first()
    assert mine is not None
    assert "我的手机" in shuji.get(f"/calendar/feeds/{mine.pk}/revoke/").content.decode()
    assert shuji.post(f"/calendar/feeds/{mine.pk}/revoke/").status_code == 302
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    with system_scope("test"), writes_allowed("test"):
        Post.objects.update(ended_at=now(), to_date=date(2026, 11, 22))
    assert Client().get(second).status_code == 404
    assert Client().get("/cal/nonsense.ics").status_code == 404


@pytest.mark.parametrize(
    ("day", "months", "days"),
    [
        (date(2024, 2, 29), 12, 0),
        (date(2026, 1, 31), 1, 0),
        (date(2026, 1, 30), 3, 0),
        (date(2026, 5, 10), 12, 0),
        (date(2026, 1, 1), 0, 45),
    ],
)
def test_programs_count_as_we_do(day: date, months: int, days: int) -> None:
    coming = Coming("x", day, "检", "", "", "检", months, days, day)
    first, last = date(2024, 1, 1), date(2032, 12, 31)
    read = icalendar.Calendar.from_ical(calendar_of("试", [coming], at=now(), origin=""))
    theirs = recurring_ical_events.of(read).between(first, date(2033, 1, 1))
    assert sorted(e["DTSTART"].dt for e in theirs) == list(days_of(coming, first, last))


def test_lines_are_cut_between_characters() -> None:
    line = "SUMMARY:" + "邻里" * 60
    assert folded(line).replace("\r\n ", "") == line
    assert all(len(piece.encode()) <= 75 for piece in folded(line).split("\r\n"))


@pytest.mark.parametrize("role", ["property_manager", "micro_grid_lead"])
def test_who_does_not_give_care_sees_their_own_tasks_and_nobody_elses(
    town: Subdistrict, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The title of a task says who needs what: of all in their place these see only their own."""
    a_user("ours", role, town.community)
    with system_scope("test"):
        own = open_task(
            kind="journal.follow_up",
            about=town.community,
            place=town.community,
            title="看看门禁",
            due_on=date(2026, 11, 26),
            by=None,
        )
        with writes_allowed("test"):
            own.seat_role, own.seat_place = role, town.community
            own.save()
        client = Client()
        client.force_login(User.objects.get(username="ours"))
    for address in ("/calendar/?month=2026-11", "/calendar/?month=2026-11&whose=mine"):
        page = client.get(address).content.decode()
        assert "看看门禁" in page
        assert "虞阿香" not in page
    for covers in ("place", "post"):
        feed = Client().get(a_feed(client, covers)).content
        said = [str(one["SUMMARY"]) for one in icalendar.Calendar.from_ical(feed).walk("VEVENT")]
        assert "转介回访" not in said
    # The negative control: all the tasks of a place, as it was, name the resident.
    monkeypatch.setattr("linli.capabilities.calendar.upcoming.tasks", lambda: Task.objects.all())
    assert "虞阿香" in client.get("/calendar/?month=2026-11").content.decode()


def test_a_month_shows_its_own_days_and_says_when_there_are_too_many(
    shuji: Client, town: Subdistrict, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linli.capabilities.calendar.upcoming.MOST", 3)
    with system_scope("test"):
        for n in range(4):
            open_task(
                kind="journal.follow_up",
                about=town.community,
                place=town.community,
                title=f"早先的事{n}",
                due_on=date(2026, 10, 10),
                by=None,
            )
    # What is long overdue does not push this month out of its own page.
    november = shuji.get("/calendar/?month=2026-11").content.decode()
    assert "回访虞阿香" in november
    assert "没有列全" not in november
    october = shuji.get("/calendar/?month=2026-10").content.decode()
    assert "2026-10-10起的没有列全" in october
    assert "早先的事2" in october
    assert "早先的事3" not in october
    assert "没有列全" in Client().get(a_feed(shuji, "place")).content.decode().replace("\r\n ", "")
