"""Whether two days are one occasion, when a rule is mostly wrong: no Django, no clock."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from linli.core.rules import rule

MAY_READ = frozenset(
    {
        "subdistrict_officer",
        "secretary",
        "community_worker",
        "grid_worker",
        "property_manager",
        "micro_grid_lead",
    }
)
SEES_OWN = frozenset({"property_manager", "micro_grid_lead"})
MAY_RULE = frozenset({"subdistrict_officer", "secretary"})
MAY_SIGNAL = frozenset({"subdistrict_officer", "secretary", "community_worker"})

MOST_LEAD, MOST_SILENCE, MOST_REPEAT = 730, 3650, 365
LONGEST_MESSAGE, LONGEST_NAME, LONGEST_REASON = 100, 40, 300
SHORTEST_REASON = 2
ONCE_IN_A_LIFE, APART = 36_500, 60
FEWEST_TO_JUDGE, MOSTLY = 5, 0.5
MANY, MANY_SHARE, FEW = 200, 0.9, 20
WORKING_DAYS = 5
DAYS_A_MONTH = 30.4375


@rule(
    says="同一对象的日期改动不到周期的一半，仍是同一次，不重复吹哨",
    source="闻喜路251弄60多部加装电梯，日期常补正",
    since="2026-11-23",
    examples=(
        (
            {
                "first": date(2027, 5, 10),
                "second": date(2027, 5, 20),
                "months": 12,
                "days": 0,
                "is_milestone": False,
            },
            True,
        ),
        (
            {
                "first": date(2027, 1, 10),
                "second": date(2027, 7, 10),
                "months": 6,
                "days": 0,
                "is_milestone": False,
            },
            False,
        ),
        (
            {
                "first": date(2027, 5, 10),
                "second": date(2027, 5, 17),
                "months": 0,
                "days": 7,
                "is_milestone": False,
            },
            False,
        ),
        (
            {
                "first": date(2027, 5, 10),
                "second": date(2029, 5, 10),
                "months": 0,
                "days": 0,
                "is_milestone": True,
            },
            True,
        ),
    ),
)
def is_same_alert(*, first: date, second: date, months: int, days: int, is_milestone: bool) -> bool:
    """Is it one occasion whose day was corrected? A milestone comes once in a life."""
    cycle = days or months * DAYS_A_MONTH
    apart = cycle / 2 if cycle else ONCE_IN_A_LIFE if is_milestone else APART
    return abs((second - first).days) < apart


@rule(
    says="周期事项提前的天数不超过周期的一半：7天一次的最多提前3天",
    source="设计：刚办完又响，没人听",
    since="2026-11-28",
    examples=(
        ({"lead": 30, "months": 12, "days": 0}, 30),
        ({"lead": 30, "months": 1, "days": 0}, 15),
        ({"lead": 7, "months": 0, "days": 7}, 3),
        ({"lead": 30, "months": 0, "days": 0}, 30),
    ),
)
def lead_of(*, lead: int, months: int, days: int) -> int:
    """How many days ahead may a duty of this cycle alert?"""
    cycle = days or months * DAYS_A_MONTH
    return min(lead, int(cycle / 2)) if cycle else lead


@rule(
    says="每周日每条规则从头看一遍；没看完或那天没开机，下次补上",
    source="设计：没有改动来告知的，一周内也要发现",
    since="2026-11-28",
    examples=(
        ({"seen_whole": date(2026, 11, 22), "on": date(2026, 11, 28)}, False),
        ({"seen_whole": date(2026, 11, 22), "on": date(2026, 11, 29)}, True),
        ({"seen_whole": date(2026, 11, 22), "on": date(2026, 11, 30)}, True),
        ({"seen_whole": None, "on": date(2026, 11, 24)}, True),
    ),
)
def is_whole_look_due(*, seen_whole: date | None, on: date) -> bool:
    """Is it time to look at everything and not only at what changed?"""
    sunday = on - timedelta(days=on.isoweekday() % 7)
    return seen_whole is None or seen_whole < sunday


@rule(
    says="已有结论的吹哨满5次、其中误报超过一半，规则自己说明误报多",
    source="设计：没人听的哨子要改",
    since="2026-11-23",
    examples=(
        ({"closed": 4, "false": 4}, False),
        ({"closed": 6, "false": 4}, True),
        ({"closed": 6, "false": 3}, False),
    ),
)
def is_mostly_false(*, closed: int, false: int) -> bool:
    """Is a rule wrong more often than right?"""
    return closed >= FEWEST_TO_JUDGE and false / closed > MOSTLY


@rule(
    says="一条规则马上要吹200次以上，或对九成以上的对象吹哨，启用前须确认数目",
    source="设计：人人都响等于没响",
    since="2026-11-23",
    examples=(
        ({"would": 3, "of": 3}, False),
        ({"would": 50, "of": 52}, True),
        ({"would": 201, "of": 100_000}, True),
    ),
)
def needs_confirming(*, would: int, of: int) -> bool:
    """Does switching on need the number to be confirmed?"""
    return would > MANY or (would > FEW and of > 0 and would / of >= MANY_SHARE)


@rule(
    says="出生日期是遮盖的：提醒只说到哪个月，从那个月1日算起，不说哪一天",
    source="个人信息保护法第6条；设计：看不到的也不从提醒里看出来",
    since="2026-11-29",
    examples=(
        ({"born": date(1946, 12, 24), "years": 80, "is_covered": True}, date(2026, 12, 1)),
        ({"born": date(1946, 12, 24), "years": 80, "is_covered": False}, date(2026, 12, 24)),
    ),
)
def day_told(*, born: date, years: int, is_covered: bool) -> date:
    """Which day does a rule tell, so many years after a date?"""
    day = years_later(born, years)
    return day.replace(day=1) if is_covered else day


def years_later(day: date, years: int) -> date:
    """Return the same day so many years later; 29 February becomes the last of February."""
    year = day.year + years
    return date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1]))


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later or, below zero, earlier."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
