"""Whose phone a phone is, what a row is, and how sure the reader says it is."""

from __future__ import annotations

import pytest

from linli.capabilities.form_filling.reading.words import is_of_others, parts
from linli.capabilities.form_filling.tests.judged import facts
from linli.capabilities.form_filling.tests.second_set import drawn

OTHERS = [
    "经办人",
    "配偶姓名",
    "子女",
    "监护人",
    "家属",
    "父亲",
    "母亲姓名",
    "紧急联系人",
    "房东",
    "承租人",
    "护工",
    "结对党员",
    "网格员",
    "领取人签名",
    "Guardian",
    "Emergency contact",
    "户主姓名",
]


@pytest.mark.parametrize("other", OTHERS)
def test_what_follows_somebody_else_is_not_the_residents(other: str) -> None:
    """A false phone would leave the house."""
    form = drawn(["姓名", "性别", "联系电话", other, "联系电话", "身份证号"])
    assert [heading.fields for heading in form.headings] == [
        ("name",),
        ("sex",),
        ("phone",),
        (),
        (),
        (),
    ]


def test_a_relation_to_the_head_or_a_number_of_children_is_the_residents() -> None:
    form = drawn(["姓名", "与户主关系", "子女数", "联系电话"])
    assert facts(form) == {"姓名": "name", "与户主关系": "relation_to_head", "联系电话": "phone"}


@pytest.mark.parametrize(
    ("group", "is_others"),
    [
        ("基本信息", False),
        ("基本情况", False),
        ("个人信息", False),
        ("人员基本情况", False),
        ("本人情况", False),
        ("残疾人信息", False),
        ("优 抚 对 象", False),
        ("户主信息", False),
        ("配偶情况", True),
        ("监护人信息", True),
        ("来访人信息", True),
        ("举办者", True),
        ("家庭成员情况", True),
        ("子女", True),
    ],
)
def test_a_group_word_is_neutral_or_somebodys(group: str, is_others: bool) -> None:
    assert is_of_others(group) is is_others


def test_a_list_of_relatives_is_not_about_residents() -> None:
    assert drawn(["称谓", "姓名", "年龄", "工作单位"]).subject == ""


def test_a_heading_in_two_languages_is_read_once() -> None:
    assert parts("姓名 Name") == ["姓名"]
    assert parts("Date of Birth") == ["出生日期"]
    assert parts("E-MALL地址:") == ["E-MALL地址"]


def test_heads_of_households_are_people_or_households() -> None:
    """By what else is asked."""
    form = drawn(["户主姓名", "家庭住址", "家庭人口"])
    assert (form.subject, facts(form)["户主姓名"]) == ("household", "head_name")
    form = drawn(["户主姓名", "身份证号", "联系电话", "家庭住址"])
    assert (form.subject, facts(form)["户主姓名"]) == ("person", "name")


@pytest.mark.parametrize(
    "headings",
    [
        ["序号", "器材名称", "借用人", "借用日期", "检查人"],
        ["序号", "设备名称", "单价", "采购日期", "检验人"],
        ["序号", "室号", "姓氏", "意见"],
        ["序号", "楼号", "捐款金额", "备注"],
    ],
)
def test_a_log_of_things_is_about_nothing_the_register_keeps(headings: list[str]) -> None:
    form = drawn(headings)
    assert (form.subject, facts(form)) == ("", {})


def test_how_sure_and_the_runner_up_differ_from_heading_to_heading() -> None:
    form = drawn(["姓名", "出生年月", "住址（宅名）", "家庭地址", "联络电话", "联系人", "电话"])
    by_text = {heading.text: heading for heading in form.headings}
    sure = [by_text[one].confidence for one in ("姓名", "出生年月", "住址（宅名）", "联络电话")]
    assert sure == sorted(sure, reverse=True)
    assert len(set(sure)) == 4
    assert by_text["家庭地址"].runner_up == "hukou_address"
    assert (by_text["联络电话"].fields, by_text["联络电话"].runner_up) == ((), "phone")
    assert (by_text["电话"].fields, by_text["电话"].runner_up) == ((), "phone")
