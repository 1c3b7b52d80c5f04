"""How many distinct people somebody may read in a day, and which day is unusual."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from linli.core.rules import rule

WINDOW_HOURS = 24
KEPT_HOURS = 48
KEPT_DAYS = 28
# What a subdistrict may set: less stops the work of a morning, more is no limit.
LEAST, MOST = 20, 5000
MAY_SET_LIMITS = frozenset({"subdistrict_officer"})
MOST_PEOPLE: dict[str, int] = {
    "grid_worker": 300,
    "community_worker": 600,
    "secretary": 1200,
    "subdistrict_officer": 2000,
    "property_manager": 100,
}
# Their scope is their own doors: a number would say nothing.
NO_NUMBER = frozenset({"micro_grid_lead", "system"})
# Up to so many people one person may take away in files in a day; more needs a second person.
ALONE_UP_TO = 500
UNUSUAL_FROM, TIMES_USUAL, DAYS_TO_KNOW = 100, 3, 5


@rule(
    says=(
        "24小时内最多看多少人的信息：网格员300、社区工作者600、书记1200、街道干部2000、物业经理100；"
        "微网格长只看得到自己的门户；派下来的走访、填表不占"
    ),
    source="个人信息保护法第6、51条；一份3644人的名单分11次导出的教训",
    since="2026-11-29",
    examples=(
        ({"role": "grid_worker"}, 300),
        ({"role": "subdistrict_officer"}, 2000),
        ({"role": "micro_grid_lead"}, None),
        ({"role": "nobody"}, 0),
    ),
)
def most_people(*, role: str) -> int | None:
    """How many distinct people may this role read in a day? None is no number."""
    return None if role in NO_NUMBER else MOST_PEOPLE.get(role, 0)


@rule(
    says="街道可以改上限，在20人到5000人之间",
    source="设计：各地人口不同，但没有上限就不是上限",
    since="2026-11-29",
    examples=(({"most": 450}, True), ({"most": 100_000}, False), ({"most": 0}, False)),
)
def is_a_limit(*, most: int) -> bool:
    """May a subdistrict set this number?"""
    return LEAST <= most <= MOST


@rule(
    says="一天看的人到了上限，或超过100人且是本人平常的3倍以上，告诉审计员",
    source="个人信息保护法第54、57条；设计：只说那一天那一人，不比较",
    since="2026-11-29",
    examples=(
        ({"people": 301, "usual": 100, "is_at_limit": False}, True),
        ({"people": 99, "usual": 10, "is_at_limit": False}, False),
        ({"people": 300, "usual": 100, "is_at_limit": False}, False),
        ({"people": 40, "usual": None, "is_at_limit": True}, True),
        ({"people": 250, "usual": None, "is_at_limit": False}, False),
    ),
)
def is_unusual(*, people: int, usual: float | None, is_at_limit: bool) -> bool:
    """Is this day one that an auditor should look at?"""
    many = usual is not None and people >= UNUSUAL_FROM and people > TIMES_USUAL * usual
    return is_at_limit or many


@rule(
    says="平常一天：最近28天里看过人的那些日子的中位数，不足5天不算",
    source="设计：不用平均数，免得一天很多就成了平常",
    since="2026-11-29",
    examples=(({"days": (10, 12, 9, 300, 11)}, 11), ({"days": (10, 12)}, None)),
)
def usual_day(*, days: Sequence[int]) -> float | None:
    """How many people does somebody read on a usual day? None while too little is known."""
    return median(days) if len(days) >= DAYS_TO_KNOW else None
