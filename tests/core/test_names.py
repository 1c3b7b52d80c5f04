"""A name in two spellings is one name; what stands beside it is no part of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.core.chinese.names import WrittenName, name_key, same_name, written_name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("阿依古丽·买买提", "阿依古丽.买买提"),
        ("阿依古丽·买买提", "阿依古丽•买买提"),
        ("阿依古丽·买买提", "阿依古丽 ・ 买买提"),
        ("李䶮", "李\ue863"),
        ("冯二", "冯\u3000二"),
        ("秦二", "秦\u200b二"),
        ("张麗", "张丽"),
        ("O'Neil Mary", "o’neil-mary"),
    ],
)
def test_one_name_in_two_spellings_is_the_same(one: str, other: str) -> None:
    assert same_name(one, other)


def test_other_names_are_others() -> None:
    assert not same_name("李䶮", "李岩")
    assert not same_name("", "")
    assert not same_name("·", " ")


@pytest.mark.parametrize(
    ("text", "name", "remark", "problem"),
    [
        ("张三（已故）", "张三", "已故", ""),
        ("故李四", "李四", "故", ""),
        ("卫六（户主）", "卫六", "户主", ""),
        ("韩九先生", "韩九", "先生", ""),
        ("李先生", "李", "先生", "lost"),
        ("冯 二", "冯 二", "", ""),
        ("钱七、孙八", "钱七、孙八", "", "several"),
        ("郑一\n王二", "郑一 王二", "", "several"),
        ("张三和李四", "张三和李四", "", "several"),
        ("蒋七之妻", "蒋七之妻", "", "kinship"),
        ("王?", "王?", "", "lost"),
        ("许□", "许□", "", "lost"),
        ("褚五*", "褚五*", "", "lost"),
        ("孔某某", "孔某某", "", "lost"),
        ("陈四1", "陈四1", "", "digits"),
        ("空户", "", "", "nobody"),
        ("null", "", "", "nobody"),
        ("曹", "曹", "", ""),
        ("张和平", "张和平", "", ""),
        ("故事", "故事", "", ""),
    ],
)
def test_a_cell_with_a_name_is_taken_apart(text: str, name: str, remark: str, problem: str) -> None:
    assert written_name(text) == WrittenName(name, remark, problem)


@given(st.text(max_size=30))
def test_any_cell_can_be_asked_for_its_name(text: str) -> None:
    found = written_name(text)
    assert found.problem or name_key(found.name) or not text.strip()
    assert name_key(name_key(text)) == name_key(text)
