"""A3 表格抗疫: a department's blank form is dropped in, corrected, filled, completed."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from docx import Document

from linli.capabilities.form_filling.models import FormInstance, FormTemplate, OpenQuestion
from linli.capabilities.form_filling.tests.builders import a_blank, a_town, cells_of
from linli.capabilities.form_filling.tests.judged import REAL
from linli.core.scope import system_scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def here():
    """Three disabled residents; what one of them studied and another's phone are not known."""
    return a_town()


@dataclass(frozen=True)
class Paper:
    """A department's form: what it wants that nobody knows, and what is found out."""

    name: str
    data: bytes
    chip: str
    heading: str
    answer: Callable[[Any], Any]
    told: str
    doors: int


def the_paper() -> Paper:
    """The real list of disabled residents where it is at hand, else one like it."""
    real = REAL / "cjrmd.docx"
    if not real.exists():
        return Paper(
            "残疾人.xlsx",
            a_blank(),
            "残疾人",
            "文化程度",
            lambda field: field.select_option("senior"),
            "高中",
            1,
        )
    return Paper(
        "cjrmd.docx",
        real.read_bytes(),
        "残疾类别已填",
        "户籍地址",
        lambda field: field.fill("鄞州区潘火路8号"),
        "鄞州区潘火路8号",
        2,
    )


def dropped(browser_page, data, name="残疾人.xlsx"):
    """Drop a file in, and be on its page."""
    page = browser_page.open("/forms/")
    kind = EXCEL if name.endswith("xlsx") else WORD
    page.set_input_files("input[type=file]", {"name": name, "mimeType": kind, "buffer": data})
    browser_page.click("开始填", role="button")
    return page


def taken(page):
    """Download the filled form."""
    with page.expect_download() as coming:
        page.get_by_role("button", name="下载填好的表").click()
    return coming.value.path().read_bytes()


def said_in(data):
    """Return every word of a filled workbook or paper."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if "word/document.xml" not in packed.namelist():
            return str(cells_of(data))
    return str(
        [
            [cell.text for cell in row.cells]
            for table in Document(io.BytesIO(data)).tables
            for row in table.rows
        ]
    )


def test_a_form_is_corrected_filled_asked_for_answered_and_handed_in(browser_page, here):
    paper = the_paper()
    browser_page.sign_in(here.worker)
    page = dropped(browser_page, paper.data, paper.name)
    assert page.get_by_label("性别").input_value() == "sex"
    page.get_by_label(re.compile(r"^\s*备.?注\s*$")).select_option("one_off")
    # One chip is not what was meant: it goes, and another comes.
    page.get_by_role("checkbox", name=paper.chip).uncheck()
    page.get_by_label("再加一个条件").fill("残疾人")
    page.get_by_label("要表单位").fill("区残联")
    page.get_by_label("依据").fill("残疾人保障法第十二条")
    browser_page.click("确认，开始填", role="button")
    assert page.get_by_text("虞阿香").first.is_visible()
    filled = said_in(taken(page))
    assert [filled.count(name) for name in ("虞阿香", "邬根发", "陈德", "健康人")] == [1, 1, 1, 0]
    for box in page.locator("input[name=heading]").all():
        box.set_checked(paper.heading in box.locator("xpath=..").inner_text())
    browser_page.click("派人去问", role="button")
    assert page.get_by_text(f"已派到{paper.doors}户").is_visible()
    answer_at_the_door(browser_page, here, paper)
    browser_page.sign_in(here.worker)
    with system_scope("test"):
        link = FormInstance.objects.get().link
    page = browser_page.open(f"/forms/{link}/")
    assert paper.told in said_in(taken(page))
    page.get_by_label("留空上交").check()
    browser_page.click("上交", role="button")
    assert page.get_by_text("交过的原件").is_visible()


def answer_at_the_door(browser_page, here, paper):
    """The grid worker finds the door among the tasks and answers what is known there."""
    browser_page.sign_in(here.grid_worker)
    page = browser_page.open("/tasks/")
    browser_page.click("问2项")
    page.get_by_role("link", name="去办").or_(page.get_by_role("link", name="打开")).first.click()
    page.wait_for_url("**/forms/doors/**")
    browser_page.check()
    paper.answer(page.get_by_label(paper.heading).first)
    page.get_by_label("问不到").nth(1).check()
    browser_page.click("记下", role="button")
    with system_scope("test"):
        states = OpenQuestion.objects.exclude(state="open").values_list("state", flat=True)
        assert sorted(states) == ["answered", "cannot"]


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
        assert FormTemplate.objects.get().used_times == 2
    browser_page.open("/forms/catalogue/")
    browser_page.open("/forms/asked/")


def test_what_is_no_form_is_said_with_its_name(browser_page, here):
    browser_page.sign_in(here.worker)
    page = browser_page.open("/forms/")
    page.set_input_files(
        "input[type=file]", {"name": "照片.xlsx", "mimeType": EXCEL, "buffer": b"\xff\xd8nothing"}
    )
    browser_page.seen.expected_status = 422
    page.get_by_role("button", name="开始填").click()
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
    browser_page.sign_in(here.worker)
    page = browser_page.open("/tasks/")
    assert page.get_by_role("link", name="填表：残疾人基本情况登记表").first.is_visible()


def test_the_file_completed_by_hand_is_handed_in(browser_page, here):
    browser_page.sign_in(here.worker)
    page = dropped(browser_page, a_blank())
    browser_page.click("确认，开始填", role="button")
    data = taken(page)
    browser_page.seen.expected_status = 422
    page.get_by_label("手工补完的文件").set_input_files(
        {"name": "补完.xlsx", "mimeType": EXCEL, "buffer": data}
    )
    page.get_by_role("button", name="上交").click()
    page.wait_for_load_state("load")
    browser_page.check()
    assert page.get_by_text("格空着").first.is_visible()
    page.get_by_label("手工补完的文件").set_input_files(
        {"name": "补完.xlsx", "mimeType": EXCEL, "buffer": data}
    )
    page.get_by_label("留空上交").check()
    browser_page.seen.expected_status = 200
    browser_page.click("上交", role="button")
    assert page.get_by_text("手工补完").first.is_visible()
