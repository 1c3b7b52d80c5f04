"""A form of several lists, cards or printed rows: each gets its own people, or stays as it was."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from docx import Document
from openpyxl import Workbook, load_workbook

from linli.capabilities.form_filling import actions
from linli.capabilities.form_filling.models import FormInstance
from linli.capabilities.form_filling.submissions.filled_file import FilledFile
from linli.capabilities.form_filling.tests.builders import (
    OTHER_PHONE,
    PHONE,
    Town,
    a_blank,
    a_town,
    cells_of,
    confirmed_as_read,
)
from linli.capabilities.form_filling.tests.xlsx_forms import as_bytes, base, two_sheets
from linli.core.time import today
from linli.register.people.actions import change_facts
from linli.workbench.conditions import queries
from tests.people import a_person, working_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Town:
    return a_town()


def as_worker(here: Town) -> Any:
    return working_as("community_worker", here.town.community.path)


def taken(
    here: Town, data: bytes, name: str = "表.xlsx", asks: str = "残疾人", **more: Any
) -> FilledFile:
    """Bring a form, confirm it as read, and fill it."""
    form_instance = actions.upload_form(
        data=data, name=name, place=here.town.community, by=here.worker
    )
    condition = queries.condition_json(queries.ask(asks).condition) if asks else None
    said = confirmed_as_read(form_instance, condition=condition, **more)
    return actions.take_filled(
        form_instance=actions.confirm_form(form_instance=form_instance, by=here.worker, **said),
        by=here.worker,
    )


def sheet_of(data: bytes, title: str) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in load_workbook(io.BytesIO(data))[title]]


def names_of(data: bytes, title: str) -> list[str]:
    return [row[1] for row in sheet_of(data, title)[1:] if row[1]]


def test_a_sheet_named_for_some_gets_those_alone(here: Town) -> None:
    """Two sheets, the second named 党员: of the disabled only those who are members."""
    with as_worker(here):
        change_facts(
            person=here.de,
            changes={"political_status": "01"},
            source="self",
            confirmed_on=today(),
            by=here.worker,
        )
        made = taken(here, as_bytes(two_sheets()))
    assert names_of(made.data, "党员") == ["陈德"]
    assert any("“党员”只填了" in warning and "1行" in warning for warning in made.warnings)


def test_a_sheet_for_nobody_understood_stays_empty_and_says_so(here: Town) -> None:
    book = two_sheets()
    book["党员"].title = "会飞的人"
    with as_worker(here):
        made = taken(here, as_bytes(book))
    assert names_of(made.data, "会飞的人") == []
    assert any("会飞的人" in warning and "没有填" in warning for warning in made.warnings)


def test_the_same_list_once_more_is_not_filled_twice(here: Town) -> None:
    book = base(heads=["序号", "姓名", "性别"])
    book.active.title = "Sheet1"
    other = book.create_sheet("Sheet2")
    other.append(["序号", "姓名", "性别"])
    other.append([None, None, None])
    with as_worker(here):
        made = taken(here, as_bytes(book))
    assert names_of(made.data, "Sheet2") == []
    assert any("没有再填一遍" in warning for warning in made.warnings)


def test_a_list_about_other_things_does_not_grow(here: Town) -> None:
    book = base(heads=["序号", "姓名", "性别"], rows=1)
    other = book.create_sheet("物资")
    other.append(["序号", "物资名称", "数量"])
    other.append([None, None, None])
    with as_worker(here):
        made = taken(here, as_bytes(book))
    assert sheet_of(made.data, "物资") == [["序号", "物资名称", "数量"]]


def two_cards() -> bytes:
    """Two cards on one page of Word."""
    document = Document()
    for _card in range(2):
        table = document.add_table(rows=2, cols=4)
        for row, texts in zip(
            table.rows, (["姓名", "", "性别", ""], ["出生年月", "", "住址", ""]), strict=True
        ):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
        document.add_paragraph("")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def names_on(data: bytes) -> list[str]:
    tables = Document(io.BytesIO(data)).tables
    return [table.rows[0].cells[1].text for table in tables]


def test_cards_that_repeat_take_one_person_each_and_more_people_more_files(here: Town) -> None:
    with as_worker(here):
        made = taken(here, two_cards(), "卡.docx")
        old = taken(here, two_cards(), "卡.docx", "80岁以上残疾人")
    with zipfile.ZipFile(io.BytesIO(made.data)) as bundle:
        files = [names_on(bundle.read(one)) for one in bundle.namelist()]
    assert files == [["虞阿香", "邬根发"], ["陈德", ""]]
    assert names_on(old.data) == ["虞阿香", ""]
    assert Document(io.BytesIO(old.data)).tables[0].rows[1].cells[1].text.count("-") == 0


def test_a_card_above_a_list_of_several_people_is_nobodys(here: Town) -> None:
    book = Workbook()
    form_instance: Any = book.active
    for row in (["姓名", None, "身份证号", None], ["序号", "姓名", "性别", "住址"], [None] * 4):
        form_instance.append(row)
    with as_worker(here):
        made = taken(here, as_bytes(book))
        one = taken(here, as_bytes(book), asks="90岁以上残疾人")
    assert cells_of(made.data)[0] == ["姓名", None, "身份证号", None]
    assert any("只填一个人" in warning for warning in made.warnings)
    assert cells_of(one.data)[0][1] == "虞阿香"


def a_cross_table() -> bytes:
    """Ages in the rows, sexes in the columns, one row about something nobody keeps."""
    book = Workbook()
    form_instance: Any = book.active
    form_instance.append(["人口统计表"])
    form_instance.merge_cells("A1:D1")
    for texts in (
        ["项目", "人数", "男", "女"],
        ["60岁以上", None, None, None],
        ["会飞的人", None, None, None],
        ["合计", None, None, None],
    ):
        form_instance.append(texts)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_cross_table_counts_what_each_row_says(here: Town) -> None:
    with as_worker(here):
        made = taken(here, a_cross_table(), asks="")
    rows = cells_of(made.data)
    assert rows[2] == ["60岁以上", 2, 1, 1]
    assert rows[3] == ["会飞的人", None, None, None]
    assert rows[4] == ["合计", 4, 2, 1]  # of one the sex is not known
    assert any("会飞的人" in warning for warning in made.warnings)


def test_printed_places_are_counted_each_for_itself(here: Town) -> None:
    book = Workbook()
    form_instance: Any = book.active
    form_instance.append(["社区", "人数", "男", "女"])
    for name in ("潘火社区", "殷家社区"):
        form_instance.append([name, None, None, None])
    with working_as("subdistrict_officer", here.town.town.path):
        brought = actions.upload_form(
            data=as_bytes(book), name="a.xlsx", place=here.town.town, by=here.officer
        )
        actions.confirm_form(
            form_instance=brought, by=here.officer, **confirmed_as_read(brought, condition=None)
        )
        rows = cells_of(actions.take_filled(form_instance=brought, by=here.officer).data)
    assert [row[:3] for row in rows[1:]] == [["潘火社区", 1, 0], ["殷家社区", 4, 2]]


def test_a_count_this_post_may_not_ask_is_said(here: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    from linli.capabilities.form_filling.answers import statistics_table

    monkeypatch.setattr(statistics_table, "_count", lambda *_asked: None)
    with as_worker(here):
        made = taken(here, a_cross_table(), asks="")
    assert any("没有统计：人数、男、女" in warning for warning in made.warnings)


def told(data: bytes) -> list[list[Any]]:
    return sheet_of(data, "变动")[1:]


def handed_in(here: Town) -> FormInstance:
    """Hand the form in with phones, on a basis."""
    form_instance = actions.upload_form(
        data=a_blank(), name="1.xlsx", place=here.town.community, by=here.worker
    )
    condition = queries.condition_json(queries.ask("残疾人").condition)
    actions.confirm_form(
        form_instance=form_instance,
        by=here.worker,
        **confirmed_as_read(form_instance, condition=condition),
    )
    actions.hand_in_form(form_instance=form_instance, by=here.worker, with_open_questions=True)
    return form_instance


def test_what_was_uncovered_last_time_is_not_said_again_without_a_basis(here: Town) -> None:
    """The phone of then is said of nobody: changed, the same, or no longer listed (陈德, 50)."""
    with as_worker(here):
        handed_in(here)
        change_facts(
            person=here.xiang,
            changes={"phone": "13700001111"},
            source="self",
            confirmed_on=today(),
            by=here.worker,
        )
        a_person(
            here.town.home("1", "202"),
            "新来的",
            aged=66,
            sex="1",
            disability_kind="1",
            disability_level="3",
        )
        made = taken(here, a_blank(), asks="60岁以上残疾人", basis="")
    said = [str(value) for row in told(made.data) for value in row]
    assert not {PHONE, OTHER_PHONE, "13700001111"} & set(said)
    assert not any("-" in one for one in said)  # no birth date either
    assert told(made.data) == [["新来的", "整行", None, "新增"], ["陈德", "整行", None, "不再列入"]]


def test_a_heading_that_stands_for_something_else_now_is_not_compared(here: Town) -> None:
    with as_worker(here):
        first = handed_in(here)
        form_instance = actions.upload_form(
            data=a_blank(), name="2.xlsx", place=here.town.community, by=here.worker
        )
        headings = [dict(heading) for heading in first.headings]
        phone = next(n for n, one in enumerate(headings) if one["text"] == "联系电话")
        headings[phone] |= {"fields": ["education"]}
        actions.confirm_form(
            form_instance=form_instance,
            by=here.worker,
            **confirmed_as_read(form_instance, condition=first.condition, headings=headings),
        )
        made = actions.take_filled(form_instance=form_instance, by=here.worker)
    assert "变动" not in load_workbook(io.BytesIO(made.data)).sheetnames


def test_a_card_says_only_what_changed_of_its_own_person(here: Town) -> None:
    with as_worker(here):
        form_instance = actions.upload_form(
            data=two_cards(), name="卡.docx", place=here.town.community, by=here.worker
        )
        condition = queries.condition_json(queries.ask("残疾人").condition)
        actions.confirm_form(
            form_instance=form_instance,
            by=here.worker,
            **confirmed_as_read(form_instance, condition=condition),
        )
        actions.hand_in_form(form_instance=form_instance, by=here.worker, with_open_questions=True)
        made = taken(here, two_cards(), "卡.docx")
    with zipfile.ZipFile(io.BytesIO(made.data)) as bundle:
        assert all(
            len(Document(io.BytesIO(bundle.read(one))).tables) == 2 for one in bundle.namelist()
        )


def test_a_form_of_an_old_format_says_what_it_became(
    here: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where LibreOffice made it new, the answer is .xlsx and the department's file is kept."""
    from linli.capabilities.form_filling.actions import templates

    monkeypatch.setattr(templates, "made_new", lambda _data, _name: (a_blank(), "旧表.xlsx"))
    with as_worker(here):
        made = taken(here, b"old", "旧表.xls")
    assert made.name.endswith(".xlsx")
    assert any("旧格式" in warning and ".xlsx" in warning for warning in made.warnings)
