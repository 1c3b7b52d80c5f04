"""Whatever is asked can be said in Chinese and as JSON, and read back to the same question."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings

from linli.core.errors import Refused
from linli.core.fields import DICTIONARY, AnyOf, Compare, Condition, Has, Not, Op, all_of
from linli.workbench.conditions.text import json_codec
from linli.workbench.conditions.text.text_parser import condition_of
from linli.workbench.conditions.text.text_writer import NamesFrom, text_of
from tests.conditions.strategies import PATHS, conditions

PLACES = NamesFrom(
    {
        PATHS[0]: ("community", "殷家社区"),
        PATHS[1]: ("grid", "第一网格"),
        PATHS[2]: ("community", "东城（新）社区"),
    }
)


def said(condition: Condition) -> str:
    return text_of(condition, DICTIONARY, PLACES)


def read(subject: str, text: str) -> Condition:
    return condition_of(subject, text, DICTIONARY, PLACES)


@pytest.mark.parametrize("subject", ["person", "household", "dwelling", "building"])
def test_every_condition_reads_back_from_its_text_and_its_json(subject: str) -> None:
    @settings(max_examples=150, deadline=None)
    @given(conditions(subject))
    def check(condition: Condition) -> None:
        assert read(subject, said(condition)) == condition
        data = json.loads(json.dumps(json_codec.to_json(condition)))
        assert json_codec.from_json(data, DICTIONARY) == condition

    check()


def test_the_question_of_the_milk_for_everyone_over_ninety() -> None:
    milk = Condition(
        "person",
        all_of(
            Compare("community", Op.EQ, PATHS[0]),
            Compare("age", Op.GE, 90),
            Compare("lives_alone", Op.EQ, True),
        ),
    )
    assert said(milk) == "社区＝殷家社区 且 年龄≥90岁 且 独居"
    assert read("person", "社区＝殷家社区 且 年龄≥90岁 且 独居") == milk


def test_reverses_have_a_plain_word() -> None:
    where = all_of(
        Not(Compare("sex", Op.EQ, "2")),
        Not(Compare("birth_date", Op.KNOWN)),
        Not(Compare("last_contact_on", Op.WITHIN, 30)),
        Not(Compare("has_lift", Op.EQ, True)),
        AnyOf((Compare("veteran", Op.EQ, True), Compare("volunteer", Op.EQ, False))),
    )
    assert said(Condition("person", where)) == (
        "性别≠女 且 出生日期未填 且 最近联系不在近30天内 且 没有电梯 且 （退役军人 或 志愿者＝否）"
    )


def test_a_household_is_found_by_those_who_live_in_it() -> None:
    where = Has("members", Compare("age", Op.BETWEEN, (60, 70)), 2)
    text = "户内的人中至少2人有（年龄在60～70岁）"
    assert said(Condition("household", where)) == text
    assert read("household", text) == Condition("household", where)


@pytest.mark.parametrize(
    ("subject", "text", "code"),
    [
        ("person", "年龄≥九十", "condition.text_stuck"),
        ("person", "性别＝第三", "condition.choice"),
        ("person", "社区＝没有的社区", "condition.place_name"),
        ("person", "年龄≥60岁 且", "condition.text_stuck"),
        ("person", "（" * 60 + "独居" + "）" * 60, "condition.too_deep"),
        ("person", "年龄在70～60岁", "condition.reversed"),
        ("person", "年龄≥300岁", "condition.range"),
        ("person", "出生日期≥1999-02-30", "condition.date"),
        ("person", "手机含“138”", "condition.op"),
        ("street", "全部", "condition.subject"),
        ("person", "全" * 5000, "condition.too_long"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(subject: str, text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read(subject, text)
    assert refused.value.code == code
    assert refused.value.sentence


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ({"field": "nonsense", "op": "eq", "value": 1}, "condition.unknown_field"),
        ({"field": "age", "op": "contains", "value": "1"}, "condition.op"),
        ({"field": "age", "op": "like", "value": "1"}, "condition.op"),
        ({"field": "age", "op": "ge", "value": "ninety"}, "condition.number"),
        ({"field": "age", "op": "ge", "value": 60.5}, "condition.decimals"),
        ({"field": "age", "op": "ge", "value": "NaN"}, "condition.number"),
        ({"field": "age", "op": "ge", "value": True}, "condition.number"),
        ({"field": "age", "op": "ge"}, "condition.number"),
        ({"field": "age", "op": "between", "value": [1]}, "condition.pair"),
        ({"field": "sex", "op": "in", "value": []}, "condition.values"),
        ({"field": "sex", "op": "eq", "value": "3"}, "condition.choice"),
        ({"field": "lives_alone", "op": "eq", "value": "yes"}, "condition.flag"),
        ({"field": "name", "op": "eq", "value": " "}, "condition.text"),
        ({"field": "birth_date", "op": "ge", "value": "1999-13-01"}, "condition.date"),
        ({"field": "last_contact_on", "op": "within", "value": -1}, "condition.days"),
        ({"field": "community", "op": "eq", "value": "殷家"}, "condition.place"),
        ({"has": "cousins", "where": {"all": []}}, "condition.relation"),
        ({"has": "housemates", "where": {"all": []}, "at_least": 0}, "condition.at_least"),
        ({"any": []}, "condition.empty"),
        ({"oder": []}, "condition.shape"),
        (["all"], "condition.shape"),
        ({"all": [{"field": "age", "op": "known"}] * 200}, "condition.too_large"),
    ],
)
def test_json_that_makes_no_sense_is_refused_in_words(where: object, code: str) -> None:
    with pytest.raises(Refused) as refused:
        json_codec.from_json({"subject": "person", "where": where}, DICTIONARY)
    assert refused.value.code == code


def test_json_nested_without_end_is_refused() -> None:
    where: object = {"field": "age", "op": "known"}
    for _ in range(500):
        where = {"not": where}
    with pytest.raises(Refused) as refused:
        json_codec.from_json({"subject": "person", "where": where}, DICTIONARY)
    assert refused.value.code == "condition.too_deep"


def test_a_date_is_a_date_and_a_set_has_one_spelling() -> None:
    one = json_codec.from_json(
        {"subject": "person", "where": {"field": "birth_date", "op": "ge", "value": "2000-01-01"}},
        DICTIONARY,
    )
    assert one.where == Compare("birth_year", Op.GE, 2000)
    two = json_codec.from_json(
        {"subject": "person", "where": {"field": "sex", "op": "in", "value": ["2", "1", "2"]}},
        DICTIONARY,
    )
    assert two.where == Compare("sex", Op.IN, ("1", "2"))
