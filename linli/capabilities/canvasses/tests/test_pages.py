"""Canvasses: two workers at one door, the number to tap, moves, what is left when one ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from linli.commons.coverage import actions, queries
from linli.commons.coverage.models import Coverage, CoverageRow
from linli.commons.coverage.tests.test_actions import opened
from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.people.actions import move_out, undo_departure
from linli.register.people.models import Person
from linli.register.posts.models import User
from linli.workbench.journal.models import JournalEntry
from linli.workbench.tasks.models import Task
from tests.people import Subdistrict, a_person, a_subdistrict, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def test_two_pages_open_at_once_are_not_two_tries() -> None:
    town = a_subdistrict()
    chen = a_user("chen", "community_worker", town.community)
    lin = a_user("lin", "grid_worker", town.grids[0])
    with system_scope("test"):
        canvass = opened(town)
        stop = queries.rows_of(canvass).first()
        address = f"/canvasses/{canvass.pk}/stops/{stop.pk}/"
    pages = []
    for user in (chen, lin):
        client = Client()
        client.force_login(user)
        form = client.get(address).context["form"]
        hidden = {name: form[name].value() for name in ("form_token", "tries")}
        pages.append((client, {"result": "absent", "way": "door", **hidden}))
    first, second = (client.post(address, given) for client, given in pages)
    assert (first.status_code, second.status_code) == (302, 422)
    assert "用户chen刚才已记为“没人在家”" in second.content.decode()
    with system_scope("test"):
        stop.refresh_from_db()
        assert stop.tries == 1
    # Whoever reads that and sends it again has been there as well.
    client, given = pages[1]
    given["tries"] = second.context["form"]["tries"].value()
    assert client.post(address, given).status_code == 302
    with system_scope("test"):
        stop.refresh_from_db()
        assert stop.tries == 2


@pytest.fixture
def town() -> Subdistrict:
    return a_subdistrict()


@pytest.fixture
def lin(town: Subdistrict) -> User:
    return a_user("lin", "grid_worker", town.grids[0])


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def the_row(canvass: Coverage, person: Person) -> CoverageRow:
    with system_scope("test"):
        return queries.rows_of(canvass).get(household=person.household)


def text_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_the_number_is_tapped_on_the_page_and_its_reading_stands_in_the_journal(
    town: Subdistrict, lin: User
) -> None:
    old = a_person(town.home("1", "101"), aged=86, phone="13905740001", preferred_channel="phone")
    client = signed_in(lin)
    with system_scope("test"):
        canvass = opened(town)
    stop = f"/canvasses/{canvass.pk}/stops/{the_row(canvass, old).pk}/"
    page = text_of(client, f"{stop}?way=phone")
    assert "13905740001" not in page
    assert "电话" in page  # how they like to be reached
    assert client.post(f"{stop}number/{old.pk}/").status_code == 302  # without the purpose
    page = client.post(f"{stop}number/{old.pk}/", {"purpose": "contact"}).content.decode()
    assert 'href="tel:13905740001"' in page
    with system_scope("test"):
        entry = JournalEntry.objects.get(kind="person.field_revealed")
        assert (entry.subject_id, entry.by) == (old.pk, lin)
        assert "燃气排查" in entry.purpose
    # Of somebody who does not live there, and once the result is known, no number is shown.
    stranger = a_person(town.home("1", "201"), "钱阿宝", phone="13905740002")
    with system_scope("test"):
        actions.record(row=the_row(canvass, old), result="reached", way="phone", by=lin)
    for person in (stranger, old):
        assert client.post(f"{stop}number/{person.pk}/", {"purpose": "contact"}).status_code == 302
    with system_scope("test"):
        assert JournalEntry.objects.filter(kind="person.field_revealed").count() == 1


def test_who_is_said_to_have_moved_is_looked_into_and_recorded(
    town: Subdistrict, lin: User
) -> None:
    old = a_person(town.home("1", "101"), aged=86)
    wife = a_person(old.home, "钱阿宝", aged=84, household=old.household)
    client = signed_in(lin)
    with system_scope("test"):
        canvass = opened(town)
    row = the_row(canvass, old)
    stop = f"/canvasses/{canvass.pk}/stops/{row.pk}/"
    client.post(stop, {"result": "moved", "way": "door", "words": "门口邻居说的"})
    moved = f"/canvasses/moved/{row.pk}/"
    for page in (
        text_of(client, f"/people/{old.pk}/"),
        text_of(client, f"/households/{old.household_id}/"),
    ):
        assert moved in page
        assert "已搬走" in page
    with system_scope("test"):
        task = Task.objects.get(kind="coverage.moved")
        assert (task.seat_role, task.title) == ("grid_worker", "核实迁出：东方丽都1幢101室")
    assert moved in text_of(client, f"/tasks/{task.pk}/")
    given = {"answer": "moved", "who": [old.pk], "on": today().isoformat(), "to": "宁海"}
    assert "门口邻居说的" in text_of(client, moved)
    assert client.post(moved, {**given, "who": []}).status_code == 422
    assert client.post(moved, given).status_code == 302
    with system_scope("test"):
        gone, stayed = Person.objects.get(pk=old.pk), Person.objects.get(pk=wife.pk)
        assert (gone.status, stayed.status) == ("moved_out", "current")
        task.refresh_from_db()
        assert (task.state, task.result) == ("done", "登记迁出1人")


def test_a_move_recorded_elsewhere_ends_the_question_and_its_undo_asks_again(
    town: Subdistrict, lin: User
) -> None:
    old = a_person(town.home("1", "101"), aged=86)
    wife = a_person(old.home, "钱阿宝", aged=84, household=old.household)
    with system_scope("test"):
        row = the_row(opened(town), old)
        actions.record(row=row, result="moved", way="door", by=lin)
        task = Task.objects.get(kind="coverage.moved")
        move_out(person=old, on=today(), by=None)
        task.refresh_from_db()
        assert task.state == "open", "one of them is still registered there"
        move_out(person=Person.objects.get(pk=wife.pk), on=today(), by=None)
        task.refresh_from_db()
        assert (task.state, task.result) == ("cancelled", "这一户已没有人")
        undo_departure(person=Person.objects.get(pk=wife.pk), by=None)
        task.refresh_from_db()
        assert task.state == "open"


def test_who_has_not_moved_after_all_is_walked_again(town: Subdistrict, lin: User) -> None:
    old = a_person(town.home("1", "101"), aged=86)
    client = signed_in(lin)
    with system_scope("test"):
        canvass = opened(town)
        row = the_row(canvass, old)
        actions.record(row=row, result="moved", way="door", by=lin)
        # A wrong tap: the task goes with it.
        actions.correct(row=row, reason="点错了", by=lin)
        assert Task.objects.get(kind="coverage.moved").state == "cancelled"
        actions.record(row=row, result="moved", way="door", by=lin)
    answer = client.post(f"/canvasses/moved/{row.pk}/", {"answer": "here"})
    assert answer.status_code == 302
    with system_scope("test"):
        row.refresh_from_db()
        assert row.result == "waiting"
        assert Person.objects.get(pk=old.pk).status == "current"
        states = Task.objects.filter(kind="coverage.moved").order_by("pk")
        assert list(states.values_list("state", flat=True)) == ["cancelled", "done"]


def test_those_left_are_carried_on_once_with_one_tap(town: Subdistrict, lin: User) -> None:
    people = [a_person(town.home("1", door), f"住户{door}", aged=60) for door in ("101", "102")]
    left = a_person(town.home("1", "201"), "钱阿宝", aged=60)
    chen = a_user("chen", "community_worker", town.community)
    with system_scope("test"):
        canvass = opened(town)
        with pytest.raises(Refused, match="还没有结束"):
            actions.carry_on(coverage=canvass, by=chen)
        for person, result in zip(people, ("refused", "reached"), strict=True):
            actions.record(row=the_row(canvass, person), result=result, way="door", by=lin)
        actions.record(row=the_row(canvass, left), result="absent", way="door", by=lin)
        actions.close_coverage(coverage=canvass, confirmed=4, by=chen)
    client = signed_in(chen)
    assert "接着走没走完的4户" in text_of(client, f"/canvasses/{canvass.pk}/")
    assert signed_in(lin).post(f"/canvasses/{canvass.pk}/carry-on/").url.endswith(f"{canvass.pk}/")
    answers = [client.post(f"/canvasses/{canvass.pk}/carry-on/") for _tap in range(2)]
    with system_scope("test"):
        following = Coverage.objects.get(carries_on=canvass)
        assert answers[0].url == f"/canvasses/{following.pk}/"
        # Nobody who moved in since is added: exactly those who were left.
        a_person(town.home("1", "302"), "孙阿毛", aged=30)
        assert actions.top_up(coverage=following, by=None) == 0
        rows = queries.rows_of(following)
        assert {row.place.name for row in rows} == {"201室", "202室", "301室", "302室"}
        assert {row.result for row in rows} == {"waiting"}
        assert (following.title, following.until_on) == ("燃气排查", today() + timedelta(days=7))
    # What was met at the door is known to whoever comes next.
    page = text_of(client, f"/canvasses/{following.pk}/stops/{the_row(following, left).pk}/")
    assert "以前的走访" in page
    assert "没人在家" in page
    assert today().isoformat() in page
    assert "不愿意" in text_of(client, f"/people/{people[0].pk}/")
    # The negative control: who was reached has nothing of that kind on their page.
    assert "以前的走访" not in text_of(client, f"/people/{people[1].pk}/")


def test_a_result_for_a_canvass_closed_meanwhile_is_refused_and_what_was_typed_stays(
    town: Subdistrict, lin: User
) -> None:
    old = a_person(town.home("1", "101"), aged=86)
    client = signed_in(lin)
    with system_scope("test"):
        canvass = opened(town)
    row = the_row(canvass, old)
    stop = f"/canvasses/{canvass.pk}/stops/{row.pk}/"
    text_of(client, stop)
    with system_scope("test"):
        actions.close_coverage(coverage=canvass, confirmed=6, by=None)
    given = {"result": "reached", "way": "door", "met": [old.pk], "words": "软管老化", "tries": 0}
    answer = client.post(stop, given)
    page = answer.content.decode()
    assert answer.status_code == 422
    for words in ("这次走访已经结束", "没有记下", "已联系上", "虞阿香", "软管老化"):
        assert words in page
    with system_scope("test"):
        row.refresh_from_db()
        assert (row.result, row.tries) == ("waiting", 0)
        # Closed between the look and the writing: the database decides.
        stale = CoverageRow.objects.select_related("coverage").get(pk=row.pk)
        stale.coverage.closed_on = None
        with pytest.raises(Refused, match="已经结束"):
            actions.record(row=stale, result="reached", way="door", met=[old], by=lin)
        assert not JournalEntry.objects.filter(kind="person.contacted").exists()
    # Nobody is called for a canvass that is over.
    assert "现在没有要打电话的户" in text_of(client, f"/canvasses/{canvass.pk}/calls/")


def test_a_canvass_closed_while_the_page_was_open_says_so_and_keeps_the_words() -> None:
    town = a_subdistrict()
    lin = a_user("lin", "grid_worker", town.grids[0])
    with system_scope("test"):
        canvass = opened(town)
        stop = queries.rows_of(canvass).first()
    address = f"/canvasses/{canvass.pk}/stops/{stop.pk}/"
    client = Client()
    client.force_login(lin)
    form = client.get(address).context["form"]
    with system_scope("test"):
        actions.close_coverage(coverage=canvass, confirmed=stop_count(canvass), by=None)
    words = "说下周三\r\n带儿子去社区办"
    given = {name: form[name].value() for name in ("form_token", "tries")}
    answer = client.post(address, {"result": "reached", "way": "door", "words": words, **given})
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "这次走访已经结束" in said
    assert "说下周三\n带儿子去社区办" in said


def stop_count(canvass: Coverage) -> int:
    """How many households are still open."""
    return queries.progress(canvass).open
