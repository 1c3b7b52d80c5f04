"""Titles, lines such as 填报单位, sample rows, and tables with words on two sides."""

from __future__ import annotations

import pytest

from linli.capabilities.form_filling.reading.form_json import from_json, to_json
from linli.capabilities.form_filling.reading.understand import Form
from linli.capabilities.form_filling.tests.second_set import drawn

HEADS = ["序号", "姓名", "性别"]
BLANK = ["", "", ""]


def lines(form: Form) -> list[tuple[str, str]]:
    """Return what each label asks for and its own blank."""
    return [(line.what, line.text[line.start : line.end]) for line in form.lines]


def test_each_label_of_a_line_has_its_own_blank() -> None:
    said = "填报单位（盖章）：　　统计时间：　年　月  填表人：__"
    form = drawn(["名册"], [said], HEADS, BLANK)
    assert lines(form) == [("unit", "　　"), ("period", "　年　月  "), ("reporter", "__")]


@pytest.mark.parametrize(
    ("said", "due"),
    [
        ("填报日期： 年 月 日", ["date"]),
        ("填报时间：", ["date"]),
        ("所属街镇：", ["place"]),
        ("　　年　　月", ["period"]),
        ("　　年　　月　　日", ["date"]),
        ("村居委会：  时间：  填报人：", ["unit", "date", "reporter"]),
        ("活动时间：", []),
        ("日期：", []),
        ("本人签名：    日期：", []),
        ("填表人签名：  日期：", ["reporter"]),
    ],
)
def test_a_line_above_a_list_says_what_it_asks(said: str, due: list[str]) -> None:
    """What is the day of an activity or of a signature is nobody's filling day."""
    form = drawn(["名册"], [said], HEADS, BLANK)
    assert [line.what for line in form.lines] == due


def test_a_label_beside_an_empty_cell_says_where_the_value_goes() -> None:
    form = drawn(["名册"], ["填报单位", "", ""], HEADS, BLANK)
    assert [(line.what, line.row, line.column, line.value_column) for line in form.lines] == [
        ("unit", 1, 0, 1)
    ]
    assert form.shape == "list"


@pytest.mark.parametrize(
    ("above", "title"),
    [
        (["附件2", "高龄津贴名册"], "高龄津贴名册"),
        (["附件2：高龄津贴名册"], "高龄津贴名册"),
        (["月", "/", "名册"], "名册"),
        (["2026年  月", "名册"], "名册"),
        (["附件1"], ""),
    ],
)
def test_what_is_no_title_does_not_become_it(above: list[str], title: str) -> None:
    form = drawn(*([one] for one in above), HEADS, BLANK)
    assert form.title == title


@pytest.mark.parametrize(
    "sample", [["例", "张三", "男"], ["示例：", "", ""], ["1", "13800000000", "2026.3"]]
)
def test_a_sample_row_is_neither_heading_nor_blank(sample: list[str]) -> None:
    form = drawn(["序号", "姓名", "电话"], sample, ["1", "", ""], ["2", "", ""])
    assert [heading.text for heading in form.headings] == ["序号", "姓名", "电话"]
    assert (form.tables[0].first_row, form.tables[0].last_row) == (2, 3)


def test_a_cross_table_says_what_each_row_counts() -> None:
    form = drawn(["类别", "合计", "男", "女"], ["60岁以上", "", "", ""], ["其中党员", "", "", ""])
    table = form.tables[0]
    assert (form.shape, form.subject) == ("tally", "")
    assert table.row_conditions == ((1, "60岁以上", ()), (2, "其中党员", ()))
    assert (table.first_row, table.last_row, table.total_row) == (1, 2, None)
    assert from_json(to_json(form)) == form


def test_a_word_beside_several_rows_belongs_to_each() -> None:
    form = drawn(["类别", "<", "人数"], ["年龄", "60岁以上", ""], ["^", "80岁以上", ""])
    assert form.tables[0].row_conditions == ((1, "60岁以上", ("年龄",)), (2, "80岁以上", ("年龄",)))


def test_labels_that_only_count_are_a_tally() -> None:
    form = drawn(["实有房屋总户数", "", "总面积", ""], ["出租户数", "", "空置户数", ""])
    assert form.shape == "tally"
