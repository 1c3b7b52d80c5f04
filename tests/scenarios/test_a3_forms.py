"""A3 表格抗疫: a department's blank form is dropped in, corrected, filled, completed."""

from __future__ import annotations

import pytest

from linli.capabilities.forms.models import Blank, Pattern, Sheet
from linli.capabilities.forms.tests.builders import a_blank, a_town, cells_of
from linli.core.scope import system_scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def here():
    """Three disabled residents; what one of them studied and another's phone are not known."""
    return a_town()


def dropped(browser_page, data, name="残疾人.xlsx"):
    """Drop a file in, and be on its page."""
    page = browser_page.open("/forms/")
    page.set_input_files("input[type=file]", {"name": name, "mimeType": EXCEL, "buffer": data})
    browser_page.click("看懂这张表", role="button")
    return page


def taken(page):
    """Download the filled form."""
    with page.expect_download() as coming:
        page.get_by_role("button", name="下载填好的表").click()
    return coming.value.path().read_bytes()


def test_a_form_is_corrected_filled_asked_for_answered_and_handed_in(browser_page, here):
    browser_page.sign_in(here.worker)
    page = dropped(browser_page, a_blank())
    assert page.get_by_label("姓名").input_value() == "name"
    page.get_by_label("备注").select_option("one_off")
    page.get_by_label("再加一个条件").fill("残疾人")
    page.get_by_label("要表单位").fill("区残联")
    page.get_by_label("依据").fill("残疾人保障法第十二条")
    browser_page.click("确认，开始填", role="button")
    assert page.get_by_text("虞阿香").first.is_visible()
    filled = cells_of(taken(page))
    assert [row[1] for row in filled[3:6]] == ["虞阿香", "邬根发", "陈德"]
    for box in page.locator("input[name=heading]").all():
        box.set_checked("文化程度" in box.locator("xpath=..").inner_text())
    browser_page.click("派人去问", role="button")
    assert page.get_by_text("已派到1户").is_visible()
    answer_at_the_door(browser_page, here)
    browser_page.sign_in(here.worker)
    with system_scope("test"):
        link = Sheet.objects.get().link
    page = browser_page.open(f"/forms/{link}/")
    assert "高中" in str(cells_of(taken(page)))
    page.get_by_label("留空上交").check()
    browser_page.click("上交", role="button")
    assert page.get_by_text("交过的原件").is_visible()


def answer_at_the_door(browser_page, here):
    """The grid worker finds the door among the tasks and answers what is known there."""
    browser_page.sign_in(here.grid_worker)
    page = browser_page.open("/tasks/")
    browser_page.click("问2项")
    page.get_by_role("link", name="去办").or_(page.get_by_role("link", name="打开")).first.click()
    page.wait_for_url("**/forms/doors/**")
    browser_page.check()
    page.get_by_label("文化程度").first.select_option("senior")
    page.get_by_label("问不到").nth(1).check()
    browser_page.click("记下", role="button")
    with system_scope("test"):
        assert sorted(Blank.objects.values_list("state", flat=True)) == ["answered", "cannot"]


def test_the_same_form_next_month_is_known(browser_page, here):
    browser_page.sign_in(here.worker)
    page = dropped(browser_page, a_blank())
    page.get_by_label("再加一个条件").fill("残疾人")
    browser_page.click("确认，开始填", role="button")
    page = dropped(browser_page, a_blank(title="残疾人登记表（12月）"))
    assert page.get_by_text("认得这张表").is_visible()
    assert page.get_by_label("表名").input_value() == "残疾人登记表（12月）"
    browser_page.click("确认，开始填", role="button")
    with system_scope("test"):
        assert Pattern.objects.get().used_times == 2
    browser_page.open("/forms/catalogue/")
    browser_page.open("/forms/asked/")


def test_what_is_no_form_is_said_with_its_name(browser_page, here):
    browser_page.sign_in(here.worker)
    page = browser_page.open("/forms/")
    page.set_input_files(
        "input[type=file]", {"name": "照片.xlsx", "mimeType": EXCEL, "buffer": b"\xff\xd8nothing"}
    )
    browser_page.seen.expected_status = 422
    page.get_by_role("button", name="看懂这张表").click()
    page.wait_for_load_state("load")
    browser_page.check()
    assert page.get_by_text("照片.xlsx：这不是Word或Excel文件").first.is_visible()


def test_the_subdistrict_sees_the_price_and_gives_the_form_out(browser_page, here):
    browser_page.sign_in(here.officer)
    page = dropped(browser_page, a_blank())
    page.get_by_label("再加一个条件").fill("残疾人")
    browser_page.click("确认，开始填", role="button")
    browser_page.click("看价签，下发给社区")
    assert page.get_by_text("潘火社区").first.is_visible()
    page.get_by_label("要表单位").fill("区残联")
    page.get_by_label("依据").fill("残疾人保障法第十二条")
    page.get_by_label("哪天前交").fill("2099-01-01")
    browser_page.click("下发", role="button")
    assert page.get_by_text("殷家社区").first.is_visible()
