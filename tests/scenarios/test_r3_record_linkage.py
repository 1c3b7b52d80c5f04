"""R3 名单合并: a department's list is matched, decided side by side, written, taken back."""

from __future__ import annotations

import pytest

from linli.capabilities.record_linkage.tests.builders import (
    OLD_PHONE,
    PHONE,
    a_file,
    a_neighbourhood,
)
from linli.core.scope import system_scope
from linli.register.people.models import Person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def here():
    """虞阿香, her daughter, 邬根发 whose name the list misspells, and a neighbour elsewhere."""
    return a_neighbourhood()


def dropped(browser_page, data, name="残联名单.xlsx"):
    """Bring a list in, up to its columns."""
    page = browser_page.open("/fusing/")
    page.set_input_files("input[type=file]", {"name": name, "mimeType": EXCEL, "buffer": data})
    page.get_by_label("哪个部门给的").fill("区残联")
    page.get_by_label("信息日期").fill("2026-11-01")
    page.get_by_role("button", name="放进来并核对列").click()
    page.wait_for_load_state("load")
    return page


def known(person):
    """Return somebody as the register knows them now."""
    with system_scope("look"):
        return Person.objects.select_related("home").get(pk=person.pk)


def test_a_list_is_matched_decided_written_and_taken_back(browser_page, here):
    browser_page.sign_in(here.worker)
    page = dropped(browser_page, a_file())
    browser_page.check()
    assert page.get_by_label("残疾等级").input_value() == "disability_level"
    browser_page.click("和底册比对", role="button")
    assert page.get_by_text("还有 1 行要您判断").is_visible()
    assert NOT_TOLD not in page.content()
    browser_page.click("还有 1 行要您判断")
    assert page.get_by_text("姓名同音").is_visible()
    browser_page.click("是底册这个人", role="button")
    assert page.get_by_text("选“用名单的”才会改底册").is_visible()
    kinds = page.get_by_role("group", name="残疾类别")
    kinds.get_by_label("用名单的").check()
    browser_page.click("选定", role="button")
    phones = page.locator("form", has=page.locator("input[value=phone]"))
    phones.get_by_role("button", name="用名单的").click()
    page.wait_for_load_state("load")
    browser_page.check()
    page.get_by_role("link", name="底册里没有").first.click()
    page.wait_for_load_state("load")
    browser_page.click("全部新增", role="button")
    browser_page.click("写入底册")
    browser_page.click("写入底册", role="button")
    assert page.get_by_text("已写入底册").first.is_visible()
    assert (known(here.axiang).phone, known(here.genfa).disability_kind) == (PHONE, "1")
    assert known(here.genfa).name == "邬根发"
    with system_scope("look"):
        assert Person.objects.filter(name="洪小满").exists()
    page.goto(page.url.split("?")[0] + "undo/")
    browser_page.check()
    browser_page.click("撤销", role="button")
    assert known(here.axiang).phone == OLD_PHONE
    assert page.get_by_text("底册恢复到写入之前").is_visible()
    browser_page.open("/fusing/")
    assert page.get_by_text("已撤销").first.is_visible()


# What the list itself does not say of somebody elsewhere must not appear.
NOT_TOLD = "潘火社区"


def test_a_file_that_is_no_list_is_refused_in_words(browser_page, here):
    browser_page.sign_in(here.worker)
    browser_page.open("/fusing/")
    page = dropped(browser_page, b"not a workbook", "名单.xlsx")
    assert page.locator(".invalid-feedback, .notice-bad, .field-error").first.is_visible()
    browser_page.seen.expected_status = 422
    browser_page.check()


def test_a_list_without_names_asks_for_them(browser_page, here):
    browser_page.sign_in(here.worker)
    page = dropped(browser_page, a_file())
    page.get_by_label("姓名").select_option("")
    page.get_by_label("身份证号码").select_option("")
    page.get_by_role("button", name="和底册比对").click()
    page.wait_for_load_state("load")
    assert page.get_by_text("认不出是谁").is_visible()


def test_a_grid_worker_has_no_such_page(browser_page, here):
    from tests.people import a_user

    browser_page.sign_in(a_user("grid", "grid_worker", here.town.grids[0]))
    browser_page.open("/fusing/", status=404)
