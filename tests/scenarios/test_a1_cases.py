"""A1 事事有回应: from the resident's phone to the station and back, until the resident says so."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from linli.capabilities.cases.actions import Reporter, close_unanswered
from linli.capabilities.cases.models import Case, Handling
from linli.capabilities.cases.tests.builders import Station, a_case, a_station
from linli.core.scope import system_scope
from linli.register.parties.actions import add_party
from linli.register.places.models import Place
from linli.workbench.text_analysis.category_model import LEARNER

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def station() -> Station:
    LEARNER.model()  # learnt before the first visitor: a browser on a busy machine waits 15 s
    return a_station()


def the_case() -> Case:
    with system_scope("look"):
        case: Case | None = Case.objects.order_by("-pk").first()
        assert case is not None
        return case


def press(visitor, words: str) -> None:
    """Send the form of the page with this button."""
    visitor.page.locator("main").get_by_role("button", name=words, exact=True).first.click()
    visitor.page.wait_for_load_state("load")
    visitor.check()


def report(phone, text: str) -> tuple[str, str]:
    """Report as a resident does; return number and word."""
    page = phone.open("/report/")
    page.get_by_label("什么事").fill(text)
    page.get_by_label("哪个社区").select_option(label="殷家社区")
    page.get_by_label("在哪里").fill("东方丽都1幢")
    press(phone, "提交")
    tracking, secret = page.locator(".big-numbers dd").all_inner_texts()
    return tracking, secret


def dispatch_and_do(desk, station: Station, pk: int) -> None:
    """Hand out as the community worker, do it as the same, and answer in the same form."""
    desk.sign_in(station.worker)
    page = desk.open(f"/cases/{pk}/")
    desk.click("分派")
    press(desk, "分派")
    desk.click("办好并答复")
    page.get_by_label("做了什么").fill("换了灯泡")
    page.get_by_label("答复来人").fill("灯泡已换，谢谢您提醒")
    press(desk, "办好并答复")


def test_a_lamp_is_reported_mended_found_dark_again_and_mended(
    browser_page, phone_page, station: Station
):
    tracking, secret = report(phone_page, "楼道灯坏了三天，老人看不见台阶")
    case = the_case()
    assert case.channel == "page"
    dispatch_and_do(browser_page, station, case.pk)
    page = phone_page.open("/report/track/")
    page.get_by_label("查询编号").fill(tracking)
    page.get_by_label("口令").fill(secret)
    press(phone_page, "查看")
    assert "灯泡已换" in page.locator("main").inner_text()
    page.get_by_label("没解决").check()
    page.get_by_label("想说的话").fill("二楼还是不亮")
    press(phone_page, "告诉我们")
    assert the_case().reopened_times == 1
    browser_page.open("/cases/board/")
    assert "重开的" in browser_page.page.locator("main").inner_text()
    dispatch_and_do(browser_page, station, case.pk)
    phone_page.open("/report/mine/")
    page.get_by_label("解决了", exact=True).check()
    press(phone_page, "告诉我们")
    assert the_case().outcome == "fixed"


def test_a_grid_worker_refuses_on_the_phone_and_it_goes_back_to_dispatch(
    phone_page, browser_page, station: Station
):
    taken = a_case(station)
    browser_page.sign_in(station.worker)
    page = browser_page.open(f"/cases/{taken.case.pk}/dispatch/")
    page.get_by_label("第1网格 · 网格员", exact=False).first.check()
    press(browser_page, "分派")
    phone_page.sign_in(station.grid_worker)
    phone = phone_page.open("/tasks/")
    phone_page.click("三楼半夜装修", role="link")
    phone_page.click("退回")
    phone.get_by_label("理由").fill("三楼归第2网格管")
    press(phone_page, "退回")
    assert the_case().state == "received"
    page = browser_page.open(f"/cases/{taken.case.pk}/")
    assert "三楼归第2网格管" in page.locator("main").inner_text()


def test_several_work_on_one_matter_and_each_has_a_share(browser_page, station: Station):
    with system_scope("set up"):
        add_party(
            place=Place.objects.get(pk=station.town.community.pk),
            name="安达电梯维保",
            kind="lift",
            by=None,
        )
    taken = a_case(station, "电梯漏水，按钮不亮")
    browser_page.sign_in(station.worker)
    page = browser_page.open(f"/cases/{taken.case.pk}/dispatch/")
    page.locator("summary", has_text="几家一起办").click()
    page.get_by_role("checkbox", name=re.compile("安达电梯维保")).check()
    press(browser_page, "分派")
    words = page.locator("main").inner_text()
    assert "安达电梯维保" in words
    assert "牵头" in words
    with system_scope("look"):
        assert Handling.objects.count() == 2
    done = ("已报修，等配件", "换了密封圈")
    for result in done:
        page = browser_page.open(f"/cases/{taken.case.pk}/")
        page.locator("main").get_by_role("link", name="办好").first.click()
        page.get_by_label("做了什么").fill(result)
        if result == done[-1]:
            page.get_by_label("答复来人").fill("电梯修好了，密封圈也换了")
        page.locator("main form button[type=submit]").last.click()
        page.wait_for_load_state("load")
        browser_page.check()
    page = browser_page.open(f"/cases/{taken.case.pk}/")
    words = page.locator("main").inner_text()
    assert all(result in words for result in done)
    page.get_by_role("link", name="记居民的话").click()
    browser_page.check()
    page.get_by_label("解决了", exact=True).check()
    press(browser_page, "记下")
    assert the_case().outcome == "fixed"


def test_without_a_word_a_matter_ends_unconfirmed_and_both_sides_see_it(
    phone_page, browser_page, station: Station
):
    taken = a_case(station, "楼道灯坏了三天")
    dispatch_and_do(browser_page, station, taken.case.pk)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert close_unanswered() == 1
    page = browser_page.open(f"/cases/{taken.case.pk}/")
    assert "已办结，未经确认" in page.locator("main").inner_text()
    page = browser_page.open("/cases/board/")
    counted = page.locator("main li", has_text="未经确认").inner_text()
    assert "1件" in counted
    assert "0件" in page.locator("main li", has_text="居民确认解决").inner_text()
    page = phone_page.open("/report/track/")
    page.get_by_label("查询编号").fill(taken.tracking)
    page.get_by_label("口令").fill(taken.secret)
    press(phone_page, "查看")
    assert "已办结，未经确认" in page.locator("main").inner_text()


def test_every_verb_of_a_matter_on_the_phone(phone_page, station: Station):
    reporter = Reporter(name="虞阿香", phone="13800138000")
    taken = a_case(station, "电梯困人", category=station.lift, reporter=reporter)
    phone_page.sign_in(station.officer)
    pk, brought = taken.case.pk, taken.report.pk
    for path in (
        *(
            f"/cases/{pk}/{verb}/"
            for verb in (
                "review",
                "withdraw",
                "reopen",
                "move",
                "confidential",
                "category",
                "answer",
            )
        ),
        f"/cases/{pk}/verdict/{brought}/",
        f"/cases/{pk}/phone/{brought}/",
        "/cases/take/",
        "/cases/categories/add/",
        "/cases/categories/load/",
    ):
        phone_page.open(path)


def test_a_worker_takes_a_call_on_the_phone_and_joins_it_to_an_open_matter(
    phone_page, station: Station
):
    taken = a_case(station, "1幢门口垃圾桶满了三天没人清")
    phone_page.sign_in(station.worker)
    page = phone_page.open("/cases/take/")
    page.get_by_label("什么事").fill("1幢门口垃圾桶满了没人清")
    page.get_by_label("在哪里").fill("东方丽都1幢")
    joining = page.get_by_label(re.compile("就是这件"))
    joining.first.wait_for()
    phone_page.check()
    joining.first.check()
    press(phone_page, "受理")
    with system_scope("look"):
        assert taken.case.reports.count() == 2


def test_every_page_of_matters_on_phone_and_desktop(browser_page, station: Station):
    taken, visitor = a_case(station), browser_page
    visitor.sign_in(station.officer)
    for path in (
        "/",
        "/cases/",
        "/cases/?view=closed",
        f"/cases/{taken.case.pk}/",
        f"/cases/{taken.case.pk}/dispatch/",
        "/cases/board/",
        "/cases/categories/",
        f"/cases/categories/{station.noise.pk}/",
        "/tasks/",
        "/tasks/nobody/",
        "/tasks/working-days/",
        "/journal/",
        f"/journal/note/cases.case/{taken.case.pk}/",
        "/report/",
        "/report/track/",
        f"/cases/qr/{station.town.building('1').pk}/",
    ):
        visitor.open(path)
