"""Facts of households for the dictionary."""

from __future__ import annotations

from dataclasses import replace

from linli.core.fields import ALWAYS_SET, HOUSEHOLD, NOT_ASKED, OWN_RECORD, Field, Kind
from linli.core.personal_data.masking import mask_name
from linli.register.choices import choices_of
from linli.register.people import terms
from linli.register.people.stored_field import CARE, PERSONAL, TO_CARE, TO_REACH, person_field

HOUSEHOLD_FACTS: tuple[Field, ...] = tuple(
    replace(fact, subject=HOUSEHOLD)
    for fact in (
        person_field(
            "address",
            "住址",
            Kind.TEXT,
            "家庭地址",
            "地址",
            "家庭住址",
            column="dwelling__address",
            order="scope_path",
            purposes=TO_REACH,
        ),
        person_field("number", "户号", Kind.TEXT, "户编号", "户口簿号"),
        person_field(
            "head_name",
            "户主",
            Kind.TEXT,
            "户主姓名",
            column="head__name",
            purposes=TO_REACH,
            mask=mask_name,
        ),
        person_field(
            "size",
            "户内人数",
            Kind.NUMBER,
            "家庭人口",
            "家庭人数",
            "人口数",
            "人数",
            unit="人",
            units=("人", "口人", "口", "个人", "口之家", "人户"),
            lowest=0,
            highest=99,
            bands=(0, 1, 2, 3, 4, 5, 6),
        ),
        person_field(
            "awaits_head", "待补户主", Kind.FLAG, "户主未登记", "缺户主", silence=ALWAYS_SET
        ),
        person_field(
            "low_income",
            "低保户",
            Kind.FLAG,
            "低保",
            "低保家庭",
            "吃低保",
            sensitivity=CARE,
            purposes=TO_CARE,
            silence=NOT_ASKED,
        ),
        person_field(
            "oldest_birth_date", "户内最年长出生日期", Kind.DATE, listed=False, sensitivity=PERSONAL
        ),
        person_field(
            "youngest_birth_date",
            "户内最年轻出生日期",
            Kind.DATE,
            listed=False,
            sensitivity=PERSONAL,
        ),
        person_field(
            "source",
            "来源",
            Kind.CHOICE,
            "信息来源",
            spoken=False,
            choices=choices_of(terms.FactSource),
            silence=NOT_ASKED,
        ),
        person_field(
            "confirmed_on",
            "核实日期",
            Kind.DATE,
            "更新日期",
            "最近核实",
            verbs=("核实", "核对", "更新", "确认"),
            silence=OWN_RECORD,
        ),
        person_field("ended_on", "销户日期", Kind.DATE),
    )
)
