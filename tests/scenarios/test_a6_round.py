"""A6 千头万绪: at a door one screen, one save, the next door; the same door twice is once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linli.capabilities.visits import actions
from linli.capabilities.visits.models import Promise, Visit
from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.people.models import Person
from linli.workbench.journal.models import JournalEntry
from linli.workbench.rounds.models import DoorSave
from linli.workbench.tasks.actions import open_task
from linli.workbench.tasks.models import Task
from tests.browser import Visitor
from tests.people import a_person, a_subdistrict, a_user

pytestmark = [pytest.mark.django_db(transaction=True)]


def test_one_climb_serves_all_that_is_due(browser_page: Visitor) -> None:
    visitor, town = browser_page, a_subdistrict()
    lin = a_user("lin", "grid_worker", town.grids[0])
    door, above = town.home("1", "101"), town.home("1", "301")
    old = a_person(door, "虞阿香", aged=86)
    gone = a_person(door, "钱阿宝", aged=30)
    third = a_person(above, "孙阿毛", aged=82)
    with system_scope("test"):
        actions.visit_at_once(person=old, why="邻居说没见到人", by=None)
        actions.visit_at_once(person=third, why="刚出院", by=None)
        promise = actions.make_promise(
            person=old, what="修灯", due_on=today() + timedelta(days=1), by=None
        )
        open_task(kind="journal.follow_up", about=door, place=door, title="看看漏水", by=None)
    visitor.sign_in(lin)
    page = visitor.open("/round/")
    visitor.click("1幢")
    visitor.click("开始走")
    text = page.inner_text("main")
    assert text.index("虞阿香") < text.index("看看漏水")
    page.get_by_text("上门见到").first.click()
    page.get_by_label("做到了").first.check()
    page.get_by_text("在，信息都对").first.click()
    page.get_by_text("搬走了").last.click()
    page.get_by_label("办好了").check()
    page.get_by_label("看到什么、说了什么").last.fill("门口堆了纸板")
    visitor.click("记下，下一户", role="button")
    assert "301" in page.inner_text("h1")
    with system_scope("test"):
        assert Visit.objects.get(person=old).state == "done"
        assert Promise.objects.get(pk=promise.pk).state == "kept"
        assert Task.objects.get(kind="journal.follow_up").state == "done"
        assert Person.objects.get(pk=gone.pk).status == "moved_out"
        assert Person.objects.get(pk=old.pk).confirmed_on == today()
        assert JournalEntry.objects.filter(text="门口堆了纸板").count() == 1
    _sent_twice(visitor, third)


def _sent_twice(visitor: Visitor, third: Person) -> None:
    """The phone had no signal and sends the same page again: one visit, and it says so."""
    page = visitor.page
    page.get_by_text("上门见到").first.click()
    page.evaluate(
        """async () => {
          const form = document.querySelector('main form');
          const send = () => fetch(location.href, {method: 'POST', body: new FormData(form)});
          await send();
          await send();
        }"""
    )
    with system_scope("test"):
        assert Visit.objects.filter(person=third, state="done").count() == 1
        assert DoorSave.objects.filter(place=third.home).count() == 1


def test_what_is_refused_stays_and_the_rest_is_kept(phone_page: Visitor) -> None:
    visitor, town = phone_page, a_subdistrict()
    lin = a_user("lin", "grid_worker", town.grids[0])
    door = town.home("1", "101")
    old = a_person(door, "虞阿香", aged=86)
    visitor.sign_in(lin)
    visitor.open(f"/round/{town.building('1').pk}/")
    visitor.open(f"/round/{town.building('1').pk}/?all=1")
    page = visitor.open(f"/round/doors/{door.pk}/")
    page.get_by_text("虞阿香有变化").click()
    page.get_by_label("新手机号").fill("不知道")
    page.get_by_text("在，信息都对").first.click()
    visitor.seen.expected_status = 422
    visitor.click("记下，下一户", role="button")
    assert "还有没记上的" in page.inner_text("body")
    with system_scope("test"):
        assert Person.objects.get(pk=old.pk).confirmed_on == today()
        assert Person.objects.get(pk=old.pk).phone == ""
