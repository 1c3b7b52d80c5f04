"""When a duty falls due again and which dates can be true: no Django, no clock."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from linli.core.rules import rule
from linli.register.posts.rules import MAY_EDIT_PLACES

MAY_DO = MAY_EDIT_PLACES | {"grid_worker", "property_manager"}

EARLIEST = date(1950, 1, 1)
YEARS_AHEAD = 50
MOST_MONTHS, MOST_DAYS = 240, 3660
SHORTEST_REASON, LONGEST_WORDS = 2, 500
LARGEST_PAPER = 5 * 1024 * 1024
SHORTEST_OWN_NUMBER = 8


def months_later(day: date, months: int) -> date:
    """Return the same day of a later month, or its last day where there is no such day."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, calendar.monthrange(years, month + 1)[1]))


@rule(
    says="周期在1到240个月或1到3660天之间，两者填一个",
    source="设计：周期为0的事没有下一次",
    since="2026-11-23",
    examples=(
        ({"months": 12, "days": 0}, True),
        ({"months": 0, "days": 0}, False),
        ({"months": 1, "days": 30}, False),
    ),
)
def is_fit_cycle(*, months: int, days: int) -> bool:
    """Can something be done again and again in this cycle?"""
    return (1 <= months <= MOST_MONTHS and days == 0) or (months == 0 and 1 <= days <= MOST_DAYS)


@rule(
    says="设施的日期在1950年到今后50年之间",
    source="设计：1900年是电子表格的空值，不是日期",
    since="2026-11-23",
    examples=(
        ({"day": date(1900, 1, 1), "today": date(2026, 11, 23)}, False),
        ({"day": date(2027, 5, 10), "today": date(2026, 11, 23)}, True),
    ),
)
def is_possible_date(*, day: date, today: date) -> bool:
    """Can a facility have this date?"""
    return day >= EARLIEST and day.year <= today.year + YEARS_AHEAD


@rule(
    says="8位以上的编号（如设备注册代码）到哪里都是这一台；短的只在同一处、同一类里算数",
    source="设计：各楼的灭火器都编1号、2号",
    since="2026-11-28",
    examples=(({"code": "31103302012024001"}, True), ({"code": "1"}, False)),
)
def is_number_of_its_own(*, code: str) -> bool:
    """Does a number name one thing wherever it stands?"""
    return len(code) >= SHORTEST_OWN_NUMBER


# Months between two inspections by law, for kinds whose name holds the word.
YEARLY = ("电梯", "自动扶梯", "防雷", "消防设备", "消防设施")


@rule(
    says="没写周期的电梯、防雷装置、消防设施，按法规每12个月检验、检测一次；写了周期的按写的",
    source="特种设备安全法第40条、TSG T7001-2023（电梯每年检验或检测）；"
    "消防法第16条（消防设施每年至少全面检测一次）；防雷减灾管理办法第19条（每年检测一次）",
    since="2026-11-30",
    examples=(
        ({"kind": "电梯"}, 12),
        ({"kind": "乘客电梯"}, 12),
        ({"kind": "消防设备"}, 12),
        ({"kind": "充电桩"}, 0),
    ),
)
def months_of_kind(*, kind: str) -> int:
    """Every how many months is a thing of this kind inspected? 0 where no law says it."""
    return 12 if any(word in kind for word in YEARLY) else 0


@rule(
    says="办完后，下一次从最初的日子按周期往后数，落在办结和本次期限之后；没有29日的月份用月末",
    source="特种设备安全法第40条：检验有效期届满前一个月提出检验要求",
    since="2026-11-23",
    examples=(
        (
            {
                "anchor": date(2024, 2, 29),
                "due": date(2027, 2, 28),
                "done": date(2027, 2, 20),
                "months": 12,
                "days": 0,
            },
            date(2028, 2, 29),
        ),
        (
            {
                "anchor": date(2026, 1, 31),
                "due": date(2026, 1, 31),
                "done": date(2026, 4, 2),
                "months": 1,
                "days": 0,
            },
            date(2026, 4, 30),
        ),
    ),
)
def next_due(*, anchor: date, due: date, done: date, months: int, days: int) -> date:
    """Return when a duty falls due after it was done."""
    after = max(due, done)
    if days:
        times = max(1, (after - anchor).days // days + 1)
        return anchor + timedelta(days=days * times)
    times = max(1, ((after.year - anchor.year) * 12 + after.month - anchor.month) // months)
    # Whole months leave the day aside, so that the count may be one too low.
    while months_later(anchor, times * months) <= after:
        times += 1
    return months_later(anchor, times * months)
