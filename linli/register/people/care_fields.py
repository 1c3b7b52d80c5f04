"""Facts of people that care rests on, for the dictionary."""

from __future__ import annotations

from dataclasses import replace

from linli.core.fields import NOT_ASKED, Field, Kind
from linli.register.choices import choices_of
from linli.register.people import terms, vocabulary
from linli.register.people.stored_field import CARE, TO_CARE, person_field

CARE_FACTS: tuple[Field, ...] = tuple(
    replace(fact, sensitivity=CARE, purposes=TO_CARE)
    for fact in (
        person_field(
            "disability_kind",
            "残疾类别",
            Kind.CHOICE,
            "残疾类型",
            "残疾种类",
            choices=choices_of(terms.DisabilityKind, vocabulary.DISABILITY_KIND),
            silence=NOT_ASKED,
            none=terms.DisabilityKind.NONE.value,
        ),
        person_field(
            "disability_level",
            "残疾等级",
            Kind.CHOICE,
            "残疾级别",
            choices=choices_of(terms.DisabilityLevel, vocabulary.DISABILITY_LEVEL),
            ranked="falling",
            words=vocabulary.DISABILITY_LEVEL_TOGETHER,
            silence=NOT_ASKED,
        ),
        person_field(
            "chronic_illness",
            "慢性病种类",
            Kind.CHOICE,
            "慢性病",
            "慢病",
            "患病情况",
            "疾病",
            "病种",
            choices=choices_of(terms.ChronicIllness, vocabulary.CHRONIC_ILLNESS),
            silence=NOT_ASKED,
            none=terms.ChronicIllness.NONE.value,
        ),
        person_field(
            "due_date",
            "预产期",
            Kind.DATE,
            "预产日期",
            verbs=("到预产期", "预产", "分娩", "临产"),
            ahead=True,
        ),
        person_field(
            "care_level",
            "失能等级",
            Kind.CHOICE,
            "自理能力",
            "能力评估",
            "失能程度",
            "护理等级",
            choices=choices_of(terms.CareLevel, vocabulary.CARE_LEVEL),
            ranked="rising",
            words=vocabulary.CARE_LEVEL_TOGETHER,
            silence=NOT_ASKED,
            none=terms.CareLevel.ABLE.value,
        ),
        person_field(
            "low_income",
            "低保",
            Kind.FLAG,
            "低保人员",
            "低保对象",
            "是否低保",
            "吃低保",
            "最低生活保障",
            silence=NOT_ASKED,
        ),
        person_field(
            "extreme_hardship",
            "特困",
            Kind.FLAG,
            "特困人员",
            "特困供养",
            "五保",
            "是否特困",
            silence=NOT_ASKED,
        ),
    )
)
