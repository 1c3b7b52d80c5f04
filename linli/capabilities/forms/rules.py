"""What a form costs, when it is answered without asking, and who may uncover."""

from __future__ import annotations

from linli.core.rules import rule

SECONDS_TO_RETYPE = 6
SECONDS_TO_ASK = 60
MINUTES_FOR_A_DOOR = 5
KNOWN_ENOUGH = 0.8
MOST_ROWS = 10_000
MOST_CARDS = 50
MOST_DOORS = 500
REMIND_DAYS_BEFORE = 2
SHORTEST_WORDS = 4
LONGEST_WORDS = 300
LONGEST_ANSWER = 200
DAYS_TO_COLLECT = 5

MAY_FILL = frozenset({"subdistrict_officer", "secretary", "community_worker", "grid_worker"})
MAY_SEE = MAY_FILL
MAY_ISSUE = frozenset({"subdistrict_officer"})
MAY_COLLECT = MAY_FILL


@rule(
    says="一张表要花的分钟：每格重抄6秒，每格要问1分钟，每上一户5分钟",
    source="估计值，待试点社区实测后修订",
    since="2026-11-23",
    examples=(
        ({"known": 100, "missing": 0, "doors": 0}, 10),
        ({"known": 0, "missing": 10, "doors": 2}, 20),
    ),
)
def minutes(*, known: int, missing: int, doors: int) -> int:
    """How many minutes would one community need for this form by hand?"""
    seconds = known * SECONDS_TO_RETYPE + missing * SECONDS_TO_ASK
    return round(seconds / 60) + doors * MINUTES_FOR_A_DOOR


@rule(
    says="八成以上已知的表不再向社区要：由底册直接答复",
    source="一张网：不重复问已经知道的事",
    since="2026-11-23",
    examples=(
        ({"known": 80, "missing": 20}, True),
        ({"known": 79, "missing": 21}, False),
        ({"known": 0, "missing": 0}, False),
    ),
)
def is_answered_without_asking(*, known: int, missing: int) -> bool:
    """Is enough known to answer the form without asking anybody?"""
    asked = known + missing
    return asked > 0 and known >= KNOWN_ENOUGH * asked


@rule(
    says="表里要身份证号、手机等个人信息，须写明要表单位和依据，才会填出原文",
    source="个人信息保护法第13、34条；设计：最少够用",
    since="2026-11-23",
    examples=(
        ({"role": "community_worker", "asked_by": "区残联", "basis": "残疾人保障法第十二条"}, True),
        ({"role": "community_worker", "asked_by": "区残联", "basis": ""}, False),
        ({"role": "property_manager", "asked_by": "区残联", "basis": "残疾人保障法"}, False),
    ),
)
def may_uncover(*, role: str, asked_by: str, basis: str) -> bool:
    """May personal values stand in the filled form as they are?"""
    told = len(basis.strip()) >= SHORTEST_WORDS and bool(asked_by.strip())
    return role in MAY_FILL and told
