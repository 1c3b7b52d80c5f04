"""Decisions about linkage: when a match is sure, when somebody has to look, what may be filled."""

from __future__ import annotations

from datetime import date, timedelta

from linli.core.rules import rule

SURE_BITS = 20.0
DECIDE_BITS = 13.0
BESIDE_BITS = 6.0  # shown beside somebody whose number is equal and doubtful
CLEAR_BITS = 6.0
AGREEING_FACTS = 2
FILE_KEPT = timedelta(days=30)
ROWS_WHILE_WAITING = 1500


@rule(
    says="证件号码相同且姓名相近，或者姓名相符、至少两项相符、没有矛盾、明显胜过第二人选，"
    "才算认准；差一点的交人判断，差得远的算新人。号码相同而姓名不同，姓名相近而性别或出生"
    "日期矛盾，或者除号码外没有可对照的，也交人判断",
    source="Fellegi & Sunter (1969)：相符各项的证据相加，两条界线之间的由人来看",
    since="2026-11-23",
    examples=(
        ({"bits": 38.0, "ahead": 20.0, "agreeing": 3, "contradicted": False}, "sure"),
        ({"bits": 38.0, "ahead": 2.0, "agreeing": 3, "contradicted": False}, "decide"),
        ({"bits": 38.0, "ahead": 20.0, "agreeing": 3, "contradicted": True}, "decide"),
        ({"bits": 17.0, "ahead": 17.0, "agreeing": 2, "contradicted": False}, "decide"),
        ({"bits": 9.0, "ahead": 9.0, "agreeing": 1, "contradicted": False}, "new"),
    ),
)
def bucket_of(*, bits: float, ahead: float, agreeing: int, contradicted: bool) -> str:
    """Is the best candidate the one, does somebody have to look, or is the row about nobody?"""
    if bits < DECIDE_BITS:
        return "new"
    clear = bits >= SURE_BITS and ahead >= CLEAR_BITS and agreeing >= AGREEING_FACTS
    return "sure" if clear and not contradicted else "decide"


@rule(
    says="底册空着的，默认补上；两边都有而不同的，默认不动，等人选",
    source="设计：任何已知的事实都不会被悄悄覆盖",
    since="2026-11-23",
    examples=(({"known": ""}, "theirs"), ({"known": "13800000001"}, "later")),
)
def first_choice(*, known: object) -> str:
    """What stands chosen before anybody has chosen?"""
    return "theirs" if known in ("", None) else "later"


@rule(
    says="部门名单加密保存30天后删除，撤销所需的原值随之删除",
    source="个人信息保护法第19条：保存期限为实现目的所必要的最短时间",
    since="2026-11-23",
    examples=(({"brought_on": date(2026, 11, 1)}, date(2026, 12, 1)),),
)
def purge_on(*, brought_on: date) -> date:
    """On which day are the list and the former values deleted?"""
    return brought_on + FILE_KEPT
