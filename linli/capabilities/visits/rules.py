"""How often, who is asked, what counts as kept, what is shown: no Django, no clock."""

from __future__ import annotations

from datetime import date

from linli.core.rules import rule

MAY_VISIT = frozenset({"subdistrict_officer", "secretary", "community_worker", "grid_worker"})
MAY_PLAN = frozenset({"subdistrict_officer", "secretary"})
# What a resident says against a visit or a promise is looked into by whoever leads there.
MAY_SETTLE = MAY_PLAN
# A grid has one worker: a figure of a grid would be a figure of a person.
MAY_SEE_FIGURES = frozenset({"subdistrict_officer", "secretary", "community_worker"})

LONGEST_WORDS, LONGEST_PROMISE, SHORTEST_REASON = 2000, 120, 2
SHORTEST_CYCLE, LONGEST_CYCLE = 1, 366
LONGEST_PERIOD = 400  # days that can be planned at once
MOST_PROMISED_AHEAD = 366
EVENING_FROM = 18  # o'clock
ASKED_OF = 0.2
ASKED_AGAIN_AFTER = 60  # days
ANSWER_WITHIN = 14
FEWEST_SHOWN = 5
CHANGE_WITHIN = 1  # days
MANY_CHANGES = 10  # in one community at once
MANY, MANY_SHARE = 500, 0.3
# Working days between two visits: each divides the next, so that every day gets the same load.
STEPS = (1, 5, 10, 20, 60, 120, 240)
DAYS_A_WEEK, WORKING_DAYS_A_WEEK = 7, 5


@rule(
    says="每几天一次折成工作日并向下取整到1、5、10、20、60、120、240个工作日一轮，每天的量才匀",
    source="民政部：特殊困难老年人探访关爱服务（2022）每周、每月探访；设计：按天匀开",
    since="2026-11-23",
    examples=(
        ({"every": 7}, 5),
        ({"every": 30}, 20),
        ({"every": 90}, 60),
        ({"every": 3}, 2),
        ({"every": 366}, 240),
    ),
)
def working_days_between_visits(*, every: int) -> int:
    """Return the round in working days for "every so many days"; never longer than asked."""
    days = every * WORKING_DAYS_A_WEEK // DAYS_A_WEEK
    if days < STEPS[1]:
        return max(days, 1)
    return max(step for step in STEPS if step <= days)


@rule(
    says="看望、兑现或没做到之后，约五次问一次；同一个人60天内不再问",
    source="设计：抽样问感受，不是每次都问",
    since="2026-11-23",
    examples=(
        ({"draw": 0.1, "days_since_asked": None}, True),
        ({"draw": 0.1, "days_since_asked": 30}, False),
        ({"draw": 0.5, "days_since_asked": None}, False),
    ),
)
def is_asked(*, draw: float, days_since_asked: int | None) -> bool:
    """Is the resident asked how it was? ``draw`` is a random number from 0 to 1."""
    rested = days_since_asked is None or days_since_asked >= ASKED_AGAIN_AFTER
    return rested and draw < ASKED_OF


@rule(
    says="答应的事按时做到才算兑现；居民说没做到就不算；不需要了的不计",
    source="感受度：答应了来不来、来了没有；居民说了算",
    since="2026-11-23",
    examples=(
        (
            {
                "state": "kept",
                "due": date(2026, 11, 20),
                "kept_on": date(2026, 11, 20),
                "resident_verdict": "",
            },
            True,
        ),
        (
            {
                "state": "kept",
                "due": date(2026, 11, 20),
                "kept_on": date(2026, 11, 21),
                "resident_verdict": "",
            },
            False,
        ),
        (
            {
                "state": "kept",
                "due": date(2026, 11, 20),
                "kept_on": date(2026, 11, 19),
                "resident_verdict": "no",
            },
            False,
        ),
        (
            {"state": "open", "due": date(2026, 11, 20), "kept_on": None, "resident_verdict": ""},
            False,
        ),
        (
            {
                "state": "withdrawn",
                "due": date(2026, 11, 20),
                "kept_on": None,
                "resident_verdict": "",
            },
            None,
        ),
    ),
)
def is_kept(*, state: str, due: date, kept_on: date | None, resident_verdict: str) -> bool | None:
    """Was a promise whose day has come kept? None when it does not count."""
    if state == "withdrawn":
        return None
    return state == "kept" and kept_on is not None and kept_on <= due and resident_verdict != "no"


@rule(
    says="少于5个的比例不显示：人太少时比例就是某一个人",
    source="设计：感受只按地方看，从不按人看",
    since="2026-11-23",
    examples=(({"part": 3, "whole": 4}, None), ({"part": 4, "whole": 5}, 80)),
)
def share_shown(*, part: int, whole: int) -> int | None:
    """Return whole per cent, or None when there are too few to show."""
    return None if whole < FEWEST_SHOWN else round(100 * part / whole)


@rule(
    says="一个社区一次有10人以上被记为失能，先请书记确认，再马上看望",
    source="设计：导入名单或填错一列时，不能一下派出几百次",
    since="2026-11-28",
    examples=(({"people": 9}, False), ({"people": 10}, True)),
)
def asks_before_visiting(*, people: int) -> bool:
    """Is somebody asked before so many are visited at once?"""
    return people >= MANY_CHANGES


@rule(
    says="一个安排要看望500人以上或三成以上居民，要填上人数再启用",
    source="设计：条件写错时不能一下派出几千次",
    since="2026-11-23",
    examples=(
        ({"people": 600, "of": 47164}, True),
        ({"people": 8, "of": 20}, False),
        ({"people": 80, "of": 200}, True),
    ),
)
def needs_confirming(*, people: int, of: int) -> bool:
    """Must the number be typed before the plan is switched on?"""
    return people >= MANY or (people > 20 and people > MANY_SHARE * of)
