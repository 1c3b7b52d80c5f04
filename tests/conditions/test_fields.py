"""The dictionary: every declaration holds together, and headings of real sheets are known."""

from __future__ import annotations

from datetime import date

import pytest
from django.apps import apps

from linli.core.fields import (
    DICTIONARY,
    EVERYONE,
    AnyOf,
    Kind,
    Not,
    Sensitivity,
    Subject,
    fields_asked,
)
from linli.core.fields.dictionary import AlreadyDeclared, Dictionary
from linli.core.fields.field import Field
from linli.core.fields.kinds import Op
from linli.core.fields.nodes import AllOf, Compare, Node, normal
from linli.core.rules import RULES
from linli.core.scope import system_scope
from linli.register.people import care_kinds as care
from linli.register.people.care_kinds import care_kinds

TODAY = date(2026, 11, 23)
A, B, C = (Compare(key, Op.KNOWN) for key in "abc")
EVERY = [
    field
    for subject in DICTIONARY.subjects
    for field in DICTIONARY.fields_of(subject.key, all=True)
]


def name(one: Field) -> str:
    return f"{one.subject}.{one.key}"


def test_there_is_enough_to_ask_for() -> None:
    assert len({one.key for one in EVERY if one.listed}) >= 45
    assert {subject.key for subject in DICTIONARY.subjects} >= {
        "person",
        "household",
        "dwelling",
        "building",
    }


@pytest.mark.django_db
@pytest.mark.parametrize("subject", DICTIONARY.subjects, ids=lambda subject: subject.key)
def test_every_stored_fact_has_its_column(subject: Subject) -> None:
    columns = [
        field.column for field in DICTIONARY.fields_of(subject.key, all=True) if field.column
    ]
    columns += [
        one.index_column for one in EVERY if one.subject == subject.key and one.index_column
    ]
    with system_scope("do the columns exist"):
        list(apps.get_model(subject.model).objects.values_list(*columns, subject.home)[:1])


@pytest.mark.parametrize("one", [one for one in EVERY if one.is_derived], ids=name)
def test_a_derived_fact_rests_on_stored_ones(one: Field) -> None:
    assert one.derive is not None
    assert one.needs
    stored = [DICTIONARY.field(one.subject, key) for key in one.needs]
    assert not any(need.is_derived for need in stored)
    value = {Kind.NUMBER: 3, Kind.FLAG: True}[one.kind]
    assert one.rewrite is not None
    assert fields_asked(one.rewrite(Op.EQ, value, TODAY)) <= set(one.needs)
    if any(need.sensitivity is Sensitivity.CARE for need in stored):
        assert one.sensitivity is Sensitivity.CARE, "care must not leak by what is worked out"


@pytest.mark.parametrize("subject", DICTIONARY.subjects, ids=lambda subject: subject.key)
def test_a_label_means_one_fact(subject: Subject) -> None:
    labels = [field.label for field in DICTIONARY.fields_of(subject.key, all=True)]
    assert len(labels) == len(set(labels))


def test_personal_facts_say_what_for_and_how_long() -> None:
    for one in EVERY:
        if one.sensitivity in (Sensitivity.PERSONAL, Sensitivity.CARE):
            assert one.purposes, name(one)
            assert one.retention, name(one)


def undeclared(fields: list[Field]) -> list[str]:
    """Return the facts that are yes or no, or a choice, and do not say what a blank means."""
    asked = [one for one in fields if one.kind in (Kind.FLAG, Kind.CHOICE)]
    return [name(one) for one in asked if one.silence is None or not one.silence.because]


def test_every_flag_and_choice_says_what_a_blank_means() -> None:
    assert undeclared(EVERY) == []
    assert all(one.choice(one.none) for one in EVERY if one.none)


def test_control_a_fact_that_does_not_say_it_is_noticed() -> None:
    silent = Field("a", "甲", Kind.FLAG, "person")
    assert undeclared([*EVERY, silent]) == ["person.a"]


def test_where_a_blank_may_be_no_answer_a_derived_fact_has_none() -> None:
    """A care kind worked out from nothing is not "no": the rewrite and the value agree."""
    for one in EVERY:
        if one.derive is None or one.rewrite is None or one.is_silence_no:
            continue
        assert one.derive(dict.fromkeys(one.needs), TODAY) is None, name(one)
        assert one.rewrite(Op.KNOWN, None, TODAY) != EVERYONE, name(one)


def test_a_fact_is_declared_once() -> None:
    words = Dictionary()
    field = Field("a", "甲", Kind.FLAG, "person")
    words.add(field)
    with pytest.raises(AlreadyDeclared):
        words.add(field)


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("姓名", "name"),
        ("*姓名", "name"),
        ("名字", "name"),
        ("出生年月", "birth_date"),
        ("公民身份号码", "identity_number"),
        ("证件号码：", "identity_number"),
        ("身份证号码", "identity_number"),
        ("联系电话", "phone"),
        ("手 机 号", "phone"),
        ("家庭地址", "address"),
        ("现住址", "address"),
        ("性別", "sex"),
        ("學歷", "education"),
        ("政治面貌", "political_status"),
        ("与户主关系", "relation_to_head"),
        ("残疾等级", "disability_level"),
        ("慢性病", "chronic_illness"),
        ("是否低保", "low_income"),
        ("入住时间", "lives_since"),
        ("户籍地址", "hukou_address"),
        ("医保类型", "medical_insurance"),
    ],
)
def test_headings_of_department_sheets_are_known(heading: str, key: str) -> None:
    found = DICTIONARY.by_word("person", heading)
    assert found is not None
    assert found.key == key


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"birth_date": date(1944, 2, 29)}, [("高龄", "82岁（≥80岁）")]),
        ({"birth_date": date(1966, 11, 23)}, [("老人", "60岁（≥60岁）")]),
        ({"birth_date": date(1966, 11, 24)}, []),
        ({"birth_date": date(1990, 1, 1), "household_size": 1}, []),
        (
            {
                "birth_date": date(1950, 1, 1),
                "household_size": 1,
                "household_youngest_birth_date": date(1950, 1, 1),
            },
            [("老人", "76岁（≥60岁）"), ("独居", "户内1人"), ("空巢", "户内最年轻76岁（≥60岁）")],
        ),
        ({"due_date": date(2027, 1, 1)}, [("孕妇", "预产期2027-01-01")]),
        ({"due_date": date(2026, 11, 1)}, []),
        ({"disability_level": "1"}, [("残疾", "登记有残疾")]),
        ({"household_low_income": True}, [("低保", "享受低保")]),
        ({}, []),
    ],
)
def test_who_needs_a_second_look_and_why(
    row: dict[str, object], said: list[tuple[str, str]]
) -> None:
    assert [(kind.label, reason) for kind, reason in care_kinds(row, TODAY)] == said


def test_care_rules_show_their_examples() -> None:
    mine = [rule for rule in RULES.values() if rule.function.__module__ == care.__name__]
    assert len(mine) == len(care.KINDS)
    for rule in mine:
        for given, answer in rule.examples:
            assert rule.function(**given) == answer, rule.key


@pytest.mark.parametrize(
    ("node", "flat"),
    [
        (Not(Not(Compare("a", Op.KNOWN))), Compare("a", Op.KNOWN)),
        (AllOf((AllOf((Compare("a", Op.KNOWN),)),)), Compare("a", Op.KNOWN)),
        (AnyOf((AnyOf((A, B)), C)), AnyOf((A, B, C))),
    ],
)
def test_one_condition_has_one_spelling(node: Node, flat: Node) -> None:
    assert normal(node) == flat
