"""What a sheet's columns mean, and what its cells say."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from linli.core.fields import DICTIONARY, DWELLING, PERSON
from linli.workbench.imports.column_recognition import Guess, recognised, words_of
from linli.workbench.imports.headings import SheetTable, table_of
from linli.workbench.imports.reading import BadCell, SheetAsRead, read_file
from linli.workbench.imports.values import CellError, TypedValue, typed
from tests.imports import files

WORDS = words_of(PERSON)


def table(rows: list[list[Any]], change: Any = None, **more: Any) -> SheetTable:
    sheet = read_file(files.xlsx(rows, change), "表.xlsx")
    assert isinstance(sheet, SheetAsRead)
    found = table_of(sheet, WORDS.knows, **more)
    assert found is not None
    return found


def columns(rows: list[list[Any]], change: Any = None, subject: str = PERSON) -> dict[str, Guess]:
    words = words_of(subject)
    sheet = read_file(files.xlsx(rows, change), "表.xlsx")
    assert isinstance(sheet, SheetAsRead)
    found = table_of(sheet, words.knows)
    assert found is not None
    return {guess.heading.letters: guess for guess in recognised(found, words)}


@pytest.mark.parametrize(
    ("heading", "target"),
    [
        ("姓名", "name"),
        ("姓 名", "name"),
        ("居民姓名", "name"),
        ("*姓名", "name"),
        ("姓名（必填）", "name"),
        ("性别", "sex"),
        ("出生年月", "birth_date"),
        ("身份证号", "identity_number"),
        ("公民身份号码", "identity_number"),
        ("身份证号码(18位)", "identity_number"),
        ("身份證號碼", "identity_number"),
        ("联系电话", "phone"),
        ("手机\n号码", "phone"),
        ("联系电话（手机）", "phone"),
        ("家庭住址", "address"),
        ("现居住地", "address"),
        ("小区名称", "estate"),
        ("幢号", "building"),
        ("单元号", "entrance"),
        ("室号", "door"),
        ("房号", "door"),
        ("户籍地址", "hukou_address"),
        ("是否户籍", "registered"),
        ("政治面貌", "political_status"),
        ("学历", "education"),
        ("婚姻状况", "marital_status"),
        ("慢性病", "chronic_illness"),
        ("残疾类别", "disability_kind"),
        ("是否低保", "low_income"),
        ("与户主关系", "relation_to_head"),
        ("户号", "household_number"),
        ("本人文化程度情况", "education"),
        ("退伍军人", "veteran"),
    ],
)
def test_headings_of_lists_are_understood(heading: str, target: str) -> None:
    guess = columns([[heading, "序号"], ["x", 1]])["A"]
    assert guess.target == target, guess


@pytest.mark.parametrize(
    ("heading", "why"),
    [
        ("序号", "unused"),
        ("备注", "unused"),
        ("年龄", "derived"),
        ("监护人电话", "unknown"),
        ("紧急联系人姓名", "unknown"),
        ("星座", "unknown"),
    ],
)
def test_what_is_not_taken_says_why(heading: str, why: str) -> None:
    guess = columns([["姓名", heading], ["张三", "甲"]])["B"]
    assert (guess.target, guess.why) == ("", why)


def test_two_columns_for_one_fact_are_asked_about() -> None:
    found = columns([["姓名", "联系电话", "手机号码"], ["张三", "0574-88880000", "13800000000"]])
    assert (found["B"].why, found["C"].why) == ("double", "double")
    assert found["B"].rivals == (1, 2)


def test_a_column_without_heading_is_known_by_its_values() -> None:
    rows = [["姓名", None, None]] + [
        ["张三", f"1380000000{n}", "990000195003010016"] for n in range(5)
    ]
    found = columns(rows)
    assert (found["B"].target, found["B"].why) == ("phone", "values")
    assert found["C"].target == "identity_number"
    assert not found["B"].is_sure


def test_titles_notes_and_totals_are_no_rows_of_the_list() -> None:
    found = table(
        [
            ["殷家社区居民花名册"],
            ["填表说明：姓名必填"],
            [],
            ["序号", "姓名", "性别"],
            [1, "张三", "男"],
            ["合计", None, 1],
        ]
    )
    assert found.header_rows == (4,)
    assert [row.number for row in found.rows] == [5]
    assert found.above[0] == "殷家社区居民花名册"
    assert found.footers == (6,)


def test_merged_headings_of_two_and_three_rows_are_joined() -> None:
    def change(page: Any) -> None:
        for box in ("A1:F1", "A2:A4", "B2:D2", "B3:C3", "D3:D4", "E2:F2", "E3:E4", "F3:F4"):
            page.merge_cells(box)

    rows = [
        ["花名册", None, None, None, None, None],
        ["姓名", "家庭住址", None, None, "监护人", None],
        [None, "楼", None, "室号", "姓名", "联系电话"],
        [None, "幢号", "单元号", None, None, None],
        ["张三", "3幢", "1单元", "1802", "李四", "13800000000"],
    ]
    found = columns(rows, change)
    assert [found[c].target for c in "ABCD"] == ["name", "building", "entrance", "door"]
    assert found["B"].heading.parts == ("家庭住址", "楼", "幢号")
    assert [found[c].target for c in "EF"] == ["", ""], "the guardian is somebody else"


def test_merged_cells_of_the_body_are_filled_down_only_when_asked() -> None:
    def change(page: Any) -> None:
        page.merge_cells("A2:A3")

    rows = [["家庭住址", "姓名"], ["1幢101", "张三"], [None, "李四"]]
    assert table(rows, change).rows[1].cell(0) is None
    assert table(rows, change).merged_below == 1
    assert table(rows, change, fill_down=True).rows[1].cell(0) == "1幢101"


def test_a_list_of_dwellings_has_its_own_words() -> None:
    rows = [
        ["小区", "幢", "单元", "室号", "面积（㎡）", "房屋状态", "所在楼层", "有无电梯"],
        ["a"] * 8,
    ]
    found = columns(rows, subject=DWELLING)
    assert [found[c].target for c in "ABCDEFG"] == [
        "estate",
        "building",
        "entrance",
        "door",
        "area",
        "dwelling_usage",
        "floor",
    ]


FIELD = {
    key: DICTIONARY.field(PERSON, key)
    for key in (
        "birth_date",
        "sex",
        "registered",
        "ethnicity",
        "education",
        "phone",
        "identity_number",
        "low_income",
        "name",
        "disability_level",
        "political_status",
    )
} | {key: DICTIONARY.field(DWELLING, key) for key in ("area", "floor", "has_lift")}


@pytest.mark.parametrize(
    ("key", "cell", "value"),
    [
        ("birth_date", "1950.3.1", date(1950, 3, 1)),
        ("birth_date", 19500301, date(1950, 3, 1)),
        ("birth_date", "一九五〇年三月一日", date(1950, 3, 1)),
        ("birth_date", 18323, date(1950, 3, 1)),
        ("birth_date", "不详", None),
        ("sex", "男", "1"),
        ("sex", "M", "1"),
        ("sex", 1, "1"),
        ("sex", "女性", "2"),
        ("registered", "√", True),
        ("registered", "是", True),
        ("registered", "否", False),
        ("registered", True, True),
        ("low_income", "低保", True),
        ("low_income", "无", False),
        ("low_income", None, None),
        ("ethnicity", "汉", "汉族"),
        ("education", "2.小学", "primary"),
        ("education", "本科", "bachelor"),
        ("political_status", "党员", "01"),
        ("phone", 13800000001, "13800000001"),
        ("phone", "138 0000 0001", "13800000001"),
        ("name", "张 三", "张三"),
        ("name", "阿依古丽·买买提", "阿依古丽·买买提"),
        ("floor", "18层", 18),
        ("floor", -1, -1),
        ("has_lift", "有", True),
        ("identity_number", "990000195003010016", "990000195003010016"),
    ],
)
def test_cells_say_what_people_mean(key: str, cell: Any, value: Any) -> None:
    answer = typed(FIELD[key], cell)
    assert isinstance(answer, TypedValue), answer
    assert answer.value == value


def test_area_is_a_number_with_its_unit_taken_off() -> None:
    assert str(typed(FIELD["area"], "89.5㎡").value) == "89.50"


@pytest.mark.parametrize(
    ("key", "cell", "words"),
    [
        ("birth_date", "50.3.1", "两位"),
        ("birth_date", "1950-13-01", "日历"),
        ("birth_date", "农历三月初一", "农历"),
        ("sex", "不男不女", "选项"),
        ("registered", "大概", "看不懂"),
        ("floor", "三十几", "看不懂"),
        ("floor", 999, "不在"),
        ("phone", "1380000000", "11位"),
        ("identity_number", 9.9e17, "丢失"),
        ("sex", BadCell("error", "#REF!"), "#REF!"),
        ("sex", BadCell("formula", ""), "公式"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(key: str, cell: Any, words: str) -> None:
    answer = typed(FIELD[key], cell)
    assert isinstance(answer, CellError)
    assert words in answer.sentence


def test_a_month_is_not_made_a_day() -> None:
    answer = typed(FIELD["birth_date"], "1950年3月")
    assert isinstance(answer, TypedValue)
    assert answer.precision == "month"
    assert "未导入" in answer.doubt
