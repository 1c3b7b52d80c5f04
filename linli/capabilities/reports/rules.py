"""Decisions about answers that leave the product."""

from __future__ import annotations

from linli.core.rules import rule
from linli.workbench.read_budget.rules import ALONE_UP_TO as ALONE_UP_TO

LONGEST_LIST = 50_000
LIST_PAGE = 50
CONSENT_DAYS = 3
SHORTEST_PURPOSE = 4


@rule(
    says="一人24小时内导出的名单合起来超过500人，须第二人同意；填好的表也算",
    source="个人信息保护法第6、51条；一份6000人名单被转发、一份3644人名单分11次导出的教训",
    since="2026-11-29",
    examples=(({"rows": 500}, False), ({"rows": 501}, True)),
)
def needs_second_person(*, rows: int) -> bool:
    """Do so many rows, with those of the day before them, need somebody else's consent?"""
    return rows > ALONE_UP_TO


@rule(
    says="同意人不能是申请人本人",
    source="设计：批量导出须两人",
    since="2026-11-23",
    examples=(({"asked_by": 1, "consents": 1}, False), ({"asked_by": 1, "consents": 2}, True)),
)
def may_consent(*, asked_by: int, consents: int) -> bool:
    """May this user consent to what that user asked for?"""
    return asked_by != consents


@rule(
    says="第二人同意过的名单，不占申请人一天看的人数和导出的人数",
    source="设计：两个人看过的用途，就是这件事本身的范围",
    since="2026-11-29",
    examples=(
        ({"by": 1, "consent_by": 2}, True),
        ({"by": 1, "consent_by": 1}, False),
        ({"by": 1, "consent_by": None}, False),
    ),
)
def is_agreed(*, by: int, consent_by: int | None) -> bool:
    """Did a second person consent to this file?"""
    return consent_by is not None and may_consent(asked_by=by, consents=consent_by)
