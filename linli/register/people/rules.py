"""Decisions about people: when stays overlap, which information is the newer."""

from __future__ import annotations

from datetime import date

from linli.core.rules import rule

SHORTEST_PURPOSE = 4  # characters: "其他" alone says nothing
LOOK_UPS_A_DAY = {
    "grid_worker": 30,
    "community_worker": 60,
    "secretary": 60,
    "subdistrict_officer": 100,
    "system": 1_000_000,
}
MOST_BY_NUMBER = 20


@rule(
    says="按号码查人每人每天有次数：网格员30次，社区工作者和书记60次，街道干部100次；"
    "查到查不到都算",
    source="设计：号码只能一个一个查，要写用途，不能拿来试",
    since="2026-11-29",
    examples=(
        ({"role": "grid_worker"}, 30),
        ({"role": "subdistrict_officer"}, 100),
        ({"role": "property_manager"}, 0),
    ),
)
def look_ups_a_day(*, role: str) -> int:
    """How often a day may this role look somebody up by a number?"""
    return LOOK_UPS_A_DAY.get(role, 0)


@rule(
    says="同一人的两段现住不能重叠；当天迁出、当天迁入不算重叠",
    source="设计：一人同一时间只有一个现住地",
    since="2026-11-23",
    examples=(
        (
            {"first": (date(2020, 1, 1), date(2024, 5, 1)), "second": (date(2024, 5, 1), None)},
            False,
        ),
        ({"first": (date(2020, 1, 1), None), "second": (date(2024, 5, 1), date(2024, 6, 1))}, True),
    ),
)
def stays_overlap(
    *, first: tuple[date | None, date | None], second: tuple[date | None, date | None]
) -> bool:
    """Do two stays share a day, other than the day of moving? An open end has no limit."""
    (from_1, to_1), (from_2, to_2) = first, second
    begins_before_end = from_1 is None or to_2 is None or from_1 < to_2
    return begins_before_end and (from_2 is None or to_1 is None or from_2 < to_1)


@rule(
    says="较早核实的信息不覆盖较新核实的信息；空着的可以补上",
    source="设计：每条事实都知道何时确认过",
    since="2026-11-23",
    examples=(
        (
            {
                "known": "hypertension",
                "known_on": date(2026, 9, 1),
                "offered": "diabetes",
                "offered_on": date(2026, 3, 1),
            },
            True,
        ),
        (
            {
                "known": "",
                "known_on": date(2026, 9, 1),
                "offered": "diabetes",
                "offered_on": date(2026, 3, 1),
            },
            False,
        ),
    ),
)
def is_older_news(
    *, known: object, known_on: date | None, offered: object, offered_on: date | None
) -> bool:
    """Would the offered fact overwrite another that was confirmed later?"""
    if known in ("", None) or known == offered or known_on is None:
        return False
    return offered_on is None or offered_on < known_on


@rule(
    says="换户主后，除配偶互换外，其他人与户主的关系清空待填，不作推测",
    source="GB/T 4761 与户主关系随户主而定",
    since="2026-11-23",
    examples=(
        ({"was_head": True, "is_head": False, "relation": "0", "relation_of_new_head": "1"}, "1"),
        ({"was_head": False, "is_head": False, "relation": "5", "relation_of_new_head": "2"}, ""),
    ),
)
def relation_after_new_head(
    *, was_head: bool, is_head: bool, relation: str, relation_of_new_head: str
) -> str:
    """What is a member to the new head, who was ``relation_of_new_head`` to the old one?"""
    head, spouse, child = "0", "1", "2"
    if is_head:
        return head
    if relation_of_new_head == spouse and was_head:
        return spouse
    # The children of a couple stay the children when the other one becomes the head.
    if relation_of_new_head in (spouse, head) and relation == child:
        return child
    return relation if relation_of_new_head == head else ""
