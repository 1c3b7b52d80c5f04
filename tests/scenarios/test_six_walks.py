"""The face: six people do what they came for, from 今日 to the end, and their taps are counted."""

from __future__ import annotations

import re
from typing import Any

import pytest

from linli.capabilities.cases.actions import RegisteredReport, Reporter
from linli.capabilities.cases.models import Case
from linli.capabilities.cases.queries import by_tracking, public_case
from linli.capabilities.cases.tests.builders import Station, a_case, a_station
from linli.capabilities.cases.tests.test_actions import handled
from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.people.models import PersonContact
from linli.workbench.journal.models import JournalEntry
from linli.workbench.tasks.actions import open_task
from linli.workbench.tasks.terms import FOLLOW_UP
from linli.workbench.text_analysis.category_model import LEARNER
from tests.browser import Visitor
from tests.people import a_person, a_user, by_the_system

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
FIRST_SCREEN = 700  # px of a phone in which a role finds what it came for


@pytest.fixture
def station() -> Station:
    LEARNER.model()  # learnt before the first visitor: a browser on a busy machine waits 15 s
    return a_station()


class Taps:
    """A visitor whose taps are counted; typing is none."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.number = 0

    def on(self, found: Any) -> Any:
        """Tap what was found."""
        self.number += 1
        found.click()
        return self._arrived()

    def link(self, words: str) -> Any:
        """Tap a link of the page itself."""
        self.number += 1
        found = self.visitor.page.locator("main").get_by_role("link", name=words)
        found.locator("visible=true").first.click()
        return self._arrived()

    def tab(self, words: str) -> Any:
        """Tap a tab at the foot of the phone."""
        self.number += 1
        self.visitor.page.locator(".tabbar").get_by_role("link", name=words).click()
        return self._arrived()

    def button(self, words: str) -> Any:
        """Tap a button of the page itself."""
        self.number += 1
        found = self.visitor.page.locator("main").get_by_role("button", name=words)
        found.locator("visible=true").first.click()
        return self._arrived()

    def _arrived(self) -> Any:
        self.visitor.page.wait_for_load_state("load")
        self.visitor.check()
        return self.visitor.page


def at_home(visitor: Visitor, user: Any) -> Taps:
    visitor.sign_in(user)
    visitor.open("/")
    return Taps(visitor)


def top_of(visitor: Visitor, words: str) -> float:
    box = visitor.page.locator("main").get_by_text(words).locator("visible=true").first
    found = box.bounding_box()
    assert found is not None
    return float(found["y"])


def the_case() -> Case:
    with system_scope("look"):
        return Case.objects.order_by("-pk")[0]


def test_the_secretary_answers_what_waits_for_an_answer(
    phone_page: Visitor, station: Station
) -> None:
    taken = a_case(station, reporter=Reporter(name="王阿姨", phone="13800138000"))
    handled(station, taken)
    taps = at_home(phone_page, station.secretary)
    assert top_of(phone_page, "待答复") < FIRST_SCREEN
    taps.link("待答复")
    taps.link("三楼半夜装修")
    page = taps.link("答复")
    page.get_by_label("答复", exact=True).fill("施工队晚上八点后停工")
    taps.button("答复")
    assert taps.number <= 4
    assert the_case().state == "answered"
    assert public_answers(taken) == ["施工队晚上八点后停工"], "the resident reads it"


def public_answers(taken: RegisteredReport) -> list[str]:
    seen = public_case(by_tracking(taken.tracking, taken.secret))  # type: ignore[arg-type]
    return [answer.text for answer in seen.answers]


def test_the_grid_worker_goes_to_the_next_door_and_the_signal_is_cut(
    phone_page: Visitor, station: Station
) -> None:
    home = station.town.home("1", "101")
    person = a_person(home, "虞阿香", aged=86)
    with by_the_system():
        open_task(
            kind=FOLLOW_UP,
            title="看看药送到没有",
            about=person,
            place=home,
            due_on=today(),
            by=None,
        )
    taps = at_home(phone_page, station.grid_worker)
    assert top_of(phone_page, "去下一户") < FIRST_SCREEN
    page = taps.link("去下一户")
    phone_page.context.set_offline(True)
    page.get_by_label("看到什么、说了什么").last.fill("药在门口，已送进屋")
    page.get_by_role("button", name="记下，下一户").click()
    taps.number += 1
    page.get_by_text("已存手机，有信号就送").first.wait_for()
    phone_page.seen.console.clear()
    phone_page.context.set_offline(False)
    page.get_by_text(re.compile(r"记下\d件")).first.wait_for()
    with system_scope("look"):
        assert JournalEntry.objects.filter(text="药在门口，已送进屋").count() == 1
    assert taps.number <= 2


def test_the_lead_of_sixty_eight_says_in_two_taps_that_she_saw_her_neighbour(
    phone_page: Visitor, station: Station
) -> None:
    person = a_person(station.town.home("1", "101"), "虞阿香", aged=86)
    lead = a_user("axiu", "micro_grid_lead", station.town.building("1"))
    phone_page.cookie("linli_care", "on")
    taps = at_home(phone_page, lead)
    assert top_of(phone_page, "101") < FIRST_SCREEN
    page = taps.link("101")
    assert page.get_by_role("link", name="报事").first.is_visible()
    taps.button("见到了，都好")
    assert taps.number <= 2
    with system_scope("look"):
        assert PersonContact.objects.filter(person=person, on=today(), by=lead).count() == 1
    page.get_by_role("button", name="撤销").click()
    page.get_by_text("已撤销").wait_for()
    with system_scope("look"):
        assert not PersonContact.objects.filter(person=person, by=lead).exists()


def test_somebody_trapped_in_a_lift_stands_on_top_and_is_answered(
    browser_page: Visitor, phone_page: Visitor, station: Station
) -> None:
    manager = a_user("wumin", "property_manager", station.town.estate)
    a_case(station, "楼道灯不亮")
    resident = phone_page.open("/report/")
    resident.get_by_label("什么事").fill("有人困在电梯里，按铃没人应")
    resident.get_by_label("哪个社区").select_option(label="殷家社区")
    resident.get_by_label("在哪里").fill("东方丽都1幢")
    phone_page.page.locator("main").get_by_role("button", name="提交").first.click()
    resident.wait_for_load_state("load")
    taps = at_home(browser_page, manager)
    first = browser_page.page.locator(".today-group").first.inner_text()
    assert "马上处置" in first
    assert "困人" in first, "in words, not by colour alone"
    taps.link("有人困在电梯里")
    page = taps.link("办好")
    page.get_by_label("做了什么").fill("二十分钟后打开了门，人没事")
    page.get_by_label("答复来人").fill("人已救出，电梯停用检修")
    taps.button("办好并答复")
    assert taps.number <= 3
    resident.get_by_role("link", name="看进展").click()
    resident.get_by_text("人已救出，电梯停用检修").wait_for()


def test_the_officer_opens_a_cell_and_finds_a_matter_by_its_number(
    browser_page: Visitor, station: Station
) -> None:
    taken = a_case(station)
    a_case(station, "楼道灯不亮")
    visitor, page = browser_page, browser_page.page
    taps = at_home(visitor, station.officer)
    community = station.town.community.pk
    cell = page.locator(f"main a[href$='place={community}&view=']").first
    assert "2" in cell.inner_text(), "the communities stand on 今日"
    taps.on(cell)
    rows = page.locator("tbody .row-link")
    assert rows.count() == 2, "a cell opens the list of as many"
    if visitor.is_phone:
        taps.on(page.get_by_role("link", name="找", exact=True))
        page.locator("main input[name=q]").fill(taken.case.number)
        page.locator("main input[name=q]").press("Enter")
        taps.link("三楼半夜装修")
    else:
        page.keyboard.press("/")
        page.keyboard.type(taken.case.number)
        page.get_by_role("option").first.wait_for()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/cases/{taken.case.pk}/")
        visitor.check()
    assert f"/cases/{taken.case.pk}/" in page.url
    assert taps.number <= (3 if visitor.is_phone else 1), "the rest is typed"


def test_a_resident_of_seventy_reports_and_finds_it_again(
    phone_page: Visitor, station: Station
) -> None:
    page = phone_page.open("/sign-in/")
    taps = Taps(phone_page)
    taps.link("我要报事")
    page.get_by_label("什么事").fill("楼下路灯坏了")
    page.get_by_label("哪个社区").select_option(label="殷家社区")
    page.get_by_label("在哪里").fill("东方丽都1幢门口")
    taps.button("提交")
    assert page.locator(".big-numbers dd").count() == 2
    taps.link("看进展")
    assert "楼下路灯坏了" in page.locator("main").inner_text()
    assert taps.number <= 3
