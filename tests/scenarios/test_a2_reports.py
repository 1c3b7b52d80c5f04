"""A2 智慧报表: milk for everyone over ninety, without a canvass."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from playwright.sync_api import expect

from linli.core.personal_data import watermark
from linli.core.scope import system_scope
from linli.workbench.journal.models import JournalEntry
from tests.residents.world import a_neighbourhood, a_user, someone, working_as

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def secretary():
    """A community where two people are over ninety and one of them lives alone."""
    here = a_neighbourhood()
    with working_as("secretary"):
        someone(here.homes[0], "虞阿香", birth_date=date(1932, 3, 1), sex="2", phone="14300001234")
        couple = someone(here.homes[1], "陈根宝", birth_date=date(1934, 3, 1), sex="1")
        someone(
            here.homes[1],
            "沈月仙",
            birth_date=date(1938, 3, 1),
            sex="2",
            household=couple.household,
        )
        someone(here.homes[2], "周小军", birth_date=date(1990, 3, 1), sex="1")
    return a_user("yin", "secretary", here.community)


def test_a_secretary_asks_in_one_sentence_and_takes_the_list_away(browser_page, secretary):
    visitor = browser_page
    visitor.sign_in(secretary)
    page = visitor.open("/")
    page.get_by_label("想找谁，想数什么？").fill("90岁以上独居老人")
    visitor.click("查询", role="button")
    assert page.locator(".answer-count strong").inner_text() == "1"
    assert page.get_by_text("虞阿香").first.is_visible()
    assert not page.get_by_text("周小军").count()

    visitor.click("导出")
    page.get_by_label("走访慰问").check()
    page.get_by_label("具体用来做什么").fill("九旬老人送牛奶")
    visitor.click("继续", role="button")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载").click()
    book = openpyxl.load_workbook(io.BytesIO(waiting.value.path().read_bytes()))
    rows = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    assert [watermark.without_marks(row[0]) for row in rows] == ["虞阿香"]
    assert "14300001234" not in str(rows)
    with system_scope("test"):
        taken = JournalEntry.objects.get(kind="export.taken")
    assert taken.by == secretary


def test_a_secretary_ticks_and_sees_the_number_change_in_five_taps(phone_page, secretary):
    visitor = phone_page
    visitor.sign_in(secretary)
    page = visitor.open("/")
    taps = 0
    page.locator(".tabbar").get_by_role("link", name="记", exact=True).click()
    visitor.click("查询")
    taps += 2
    count = page.locator("#count-bar strong")
    assert count.inner_text() == "4"
    for words, expected in (("80岁以上", "3"), ("90岁以上", "2"), ("独居", "1")):
        with page.expect_response(lambda answer: "/ask/" in answer.url):
            page.get_by_role("checkbox", name=words).check()
        taps += 1
        expect(count).to_have_text(expected)
    assert taps <= 5
    visitor.check()


def test_a_word_nobody_taught_it_is_shown_and_not_guessed(browser_page, secretary):
    visitor = browser_page
    visitor.sign_in(secretary)
    page = visitor.open("/ask/?q=爱跳广场舞的90岁以上老人")
    assert page.locator(".chip-unknown").first.is_visible()
    assert not page.locator(".answer-count").count()
    visitor.click("只按看懂的算")
    assert page.get_by_text("没有算进结果").is_visible()
    assert page.locator(".answer-count strong").inner_text() == "2"
    visitor.check()


def test_a_question_is_kept_and_opened_again_next_month(browser_page, secretary):
    visitor = browser_page
    visitor.sign_in(secretary)
    page = visitor.open("/ask/?s=person&c=年龄≥90岁")
    visitor.click("存为常用")
    page.get_by_label("名单名称").fill("九旬牛奶")
    visitor.click("保存", role="button")
    visitor.open("/ask/saved/")
    visitor.click("九旬牛奶")
    assert page.locator(".answer-count strong").inner_text() == "2"


def test_a_cross_tab_leads_from_a_figure_to_its_list(browser_page, secretary):
    visitor = browser_page
    visitor.sign_in(secretary)
    page = visitor.open("/ask/cross/?s=person&r=sex&k=age")
    page.get_by_role("link", name="1", exact=True).first.click()
    page.wait_for_load_state("load")
    visitor.check()
    assert page.locator(".answer-count strong").inner_text() == "1"
