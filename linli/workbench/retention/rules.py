"""How long somebody's data is kept after they left, how it is announced, how long it may be held.

No Django, no clock.
"""

from __future__ import annotations

from datetime import date, timedelta

from linli.core.fields.field import KEPT_YEARS
from linli.core.rules import rule

# Who sees whose time is over, and may hold; deletion itself is nobody's: the installation does it.
MAY_HOLD = frozenset({"subdistrict_officer", "secretary"})

SHOWN_DAYS = 30
LONGEST_HOLD_DAYS = 366
SHORTEST_REASON = 4
SINCE = "2026-11-29"
CIVIL_LAW = "民法典201、202条：当日不计入；没有对应日的，月末日为期间的最后一日"
LAW = "个人信息保护法19、47条：保存期限为实现目的所必要的最短时间，期满主动删除"


@rule(
    says=f"个人信息保存到迁出或去世后满{KEPT_YEARS}年的那一天；2月29日的，到没有29日的那年2月28日",
    source=f"{LAW}（年限是本产品的设计，未核对）；{CIVIL_LAW}",
    since=SINCE,
    examples=(
        ({"left_on": date(2021, 11, 29)}, date(2026, 11, 29)),
        ({"left_on": date(2020, 2, 29)}, date(2025, 2, 28)),
        ({"left_on": date(2019, 2, 28)}, date(2024, 2, 28)),
    ),
)
def kept_until(*, left_on: date) -> date:
    """Until which day is somebody's data kept, that day included?"""
    year = left_on.year + KEPT_YEARS
    try:
        return left_on.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


@rule(
    says=f"期满第二天起可以删除，而且名单已经公布满{SHOWN_DAYS}天；迁出的人本人要求的，不必等",
    source=f"{LAW}；设计：删除前先让街道和社区看到名单",
    since=SINCE,
    examples=(
        (
            {
                "left_on": date(2021, 11, 29),
                "shown_on": date(2026, 10, 31),
                "today": date(2026, 11, 29),
            },
            False,
        ),
        (
            {
                "left_on": date(2021, 11, 29),
                "shown_on": date(2026, 10, 31),
                "today": date(2026, 11, 30),
            },
            True,
        ),
        (
            {
                "left_on": date(2020, 2, 29),
                "shown_on": date(2025, 1, 30),
                "today": date(2025, 2, 28),
            },
            False,
        ),
        (
            {
                "left_on": date(2020, 2, 29),
                "shown_on": date(2025, 1, 30),
                "today": date(2025, 3, 1),
            },
            True,
        ),
        (
            {
                "left_on": date(2010, 1, 1),
                "shown_on": date(2026, 11, 1),
                "today": date(2026, 11, 30),
            },
            False,
        ),
        ({"left_on": date(2010, 1, 1), "shown_on": None, "today": date(2026, 11, 30)}, False),
        (
            {
                "left_on": date(2026, 11, 1),
                "shown_on": date(2026, 11, 30),
                "asked_on": date(2026, 11, 30),
                "today": date(2026, 11, 30),
            },
            True,
        ),
    ),
)
def may_delete(
    *, left_on: date, shown_on: date | None, today: date, asked_on: date | None = None
) -> bool:
    """May somebody's data be deleted today?"""
    if asked_on is not None:
        return asked_on <= today
    if shown_on is None or (today - shown_on).days < SHOWN_DAYS:
        return False
    return today > kept_until(left_on=left_on)


@rule(
    says=f"期满前{SHOWN_DAYS}天列入到期名单",
    source="设计：留出核对、暂缓的时间",
    since=SINCE,
    examples=(
        ({"left_on": date(2021, 11, 29), "today": date(2026, 10, 30)}, False),
        ({"left_on": date(2021, 11, 29), "today": date(2026, 10, 31)}, True),
    ),
)
def is_announced(*, left_on: date, today: date) -> bool:
    """Does somebody stand on the list of those whose time is over soon?"""
    # Shown on this day, the thirty days end just when the data may be deleted.
    return today + timedelta(days=SHOWN_DAYS - 1) >= kept_until(left_on=left_on)


@rule(
    says=f"暂缓要写明理由和到哪天，最长{LONGEST_HOLD_DAYS}天；到期重新看",
    source="个人信息保护法47条第2款：删除受限的，停止除存储之外的处理；设计：没有无期限的暂缓",
    since=SINCE,
    examples=(
        ({"until": date(2027, 11, 30), "today": date(2026, 11, 29)}, True),
        ({"until": date(2027, 12, 1), "today": date(2026, 11, 29)}, False),
        ({"until": date(2026, 11, 29), "today": date(2026, 11, 29)}, False),
    ),
)
def is_fit_hold(*, until: date, today: date) -> bool:
    """May deletion be held until this day?"""
    return today < until <= today + timedelta(days=LONGEST_HOLD_DAYS)
