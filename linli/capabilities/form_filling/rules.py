"""What a form costs, when it is answered without asking, and who may uncover."""

from __future__ import annotations

from datetime import date, timedelta

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

# Numbers of a fixed length, which forms ask for one digit a box.
IN_BOXES = frozenset({"identity_number", "phone"})

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
    says="八成以上已知、没有要手填和看不到的格，这个社区就不用填：由底册直接答复；各社区分开算",
    source="一张网：不重复问已经知道的事；空着的格不能当作已知交出去",
    since="2026-11-28",
    examples=(
        ({"known": 80, "missing": 20, "by_hand": 0, "covered": 0}, True),
        ({"known": 79, "missing": 21, "by_hand": 0, "covered": 0}, False),
        ({"known": 99, "missing": 0, "by_hand": 1, "covered": 0}, False),
        ({"known": 99, "missing": 0, "by_hand": 0, "covered": 1}, False),
        ({"known": 0, "missing": 0, "by_hand": 0, "covered": 0}, False),
    ),
)
def is_answered_without_asking(*, known: int, missing: int, by_hand: int, covered: int) -> bool:
    """Is enough known of one place to answer for it without asking anybody there?"""
    asked = known + missing
    return by_hand == covered == 0 < asked and known >= KNOWN_ENOUGH * asked


@rule(
    says="同样的表在本期内已经下发过就先说明：每月的看本月，每季的看本季，其余的看一年内",
    source="一张网：不重复要同一张表",
    since="2026-11-28",
    examples=(
        ({"cadence": "monthly", "today": date(2026, 11, 28)}, date(2026, 11, 1)),
        ({"cadence": "quarterly", "today": date(2026, 11, 28)}, date(2026, 10, 1)),
        ({"cadence": "yearly", "today": date(2026, 11, 28)}, date(2026, 1, 1)),
        ({"cadence": "once", "today": date(2026, 11, 28)}, date(2025, 11, 28)),
    ),
)
def same_period_since(*, cadence: str, today: date) -> date:
    """Since which day is the same form given out again a duplicate?"""
    if cadence == "monthly":
        return today.replace(day=1)
    if cadence == "quarterly":
        return today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    if cadence == "yearly":
        return today.replace(month=1, day=1)
    return today - timedelta(days=365)


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


@rule(
    says="街道下发的表，填好的名单不占填表人一天可导出的人数；自己拿来的表要占",
    source="设计：下发的人就是第二个人",
    since="2026-11-29",
    examples=(
        ({"by": 2, "distributed_by": 1}, True),
        ({"by": 1, "distributed_by": 1}, False),
        ({"by": 1, "distributed_by": None}, False),
    ),
)
def is_asked_for(*, by: int, distributed_by: int | None) -> bool:
    """Did somebody else give this form out?"""
    return distributed_by is not None and distributed_by != by
