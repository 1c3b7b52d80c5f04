"""Facts of facilities for the dictionary: what a rule or a list can ask about them."""

from __future__ import annotations

from typing import Any

from linli.core.fields import (
    ALWAYS_SET,
    OWN_RECORD,
    Compare,
    Field,
    Kind,
    Not,
    Op,
    Subject,
    register_fields,
    register_subject,
)
from linli.register.places.fields import place_fields

OWNER = "facilities"
FACILITY = "facility"


def stored(key: str, label: str, kind: Kind, *synonyms: str, **more: Any) -> Field:
    """Return a stored fact whose column has the same name."""
    more.setdefault("column", key)
    return Field(
        key=key, label=label, kind=kind, subject=FACILITY, synonyms=synonyms, owner=OWNER, **more
    )


FACTS: tuple[Field, ...] = (
    stored("name", "设施名称", Kind.TEXT),
    stored("kind", "设施类别", Kind.TEXT, "设施种类"),
    stored("code", "设施编号", Kind.TEXT, "设备编号", "出厂编号", "设备代码"),
    stored(
        "address", "所在地方", Kind.TEXT, "设施位置", column="place__address", order="scope_path"
    ),
    stored("installed_on", "启用日期", Kind.DATE, "安装日期", "投用日期"),
    stored(
        "next_inspection_on",
        "下次检验",
        Kind.DATE,
        "下次检验日期",
        "年检日期",
        "检验到期",
        ahead=True,
    ),
    stored("next_duty_on", "下次要办", Kind.DATE, "下次检查", ahead=True),
    stored("expires_on", "设施有效期", Kind.DATE, "有效期至", "保质期", "过期日期", ahead=True),
    stored("contract_until", "合同到期", Kind.DATE, "租约到期", "合同期限", "租期", ahead=True),
    stored("papers_until", "证件有效期", Kind.DATE, "证件到期", ahead=True),
    stored("quantity", "库存数量", Kind.NUMBER, "库存", lowest=0),
    stored("minimum", "最低数量", Kind.NUMBER, "最低库存", lowest=0),
    stored("is_short", "低于最低数量", Kind.FLAG, "物资不足", silence=ALWAYS_SET),
    stored("confirmed_on", "核实日期", Kind.DATE, silence=OWN_RECORD),
    stored("ended_on", "停用日期", Kind.DATE),
)


def declare() -> None:
    """Put facilities into the dictionary."""
    register_subject(
        Subject(
            key=FACILITY,
            label="设施",
            counter="处",
            model="facilities.Facility",
            home="place_id",
            base=Not(Compare("ended_on", Op.KNOWN)),
            base_fields=("ended_on",),
            columns=("name", "kind", "address", "next_inspection_on", "next_duty_on"),
        )
    )
    register_fields([*FACTS[:4], *place_fields(FACILITY), *FACTS[4:]])
