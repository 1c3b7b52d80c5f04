"""When is a fact old?"""

from __future__ import annotations

from datetime import date

from linli.core.rules import rule

STALE_AFTER_DAYS = 180


@rule(
    says="半年没有核实过的信息标为待核实",
    source="设计：每条事实都知道何时核实过",
    since="2026-11-23",
    examples=(
        ({"confirmed_on": date(2026, 1, 5), "on": date(2026, 11, 23)}, True),
        ({"confirmed_on": date(2026, 11, 1), "on": date(2026, 11, 23)}, False),
    ),
)
def is_stale(*, confirmed_on: date | None, on: date) -> bool:
    """Was this fact last confirmed too long ago to be relied on?"""
    return confirmed_on is None or (on - confirmed_on).days > STALE_AFTER_DAYS


VERY_OLD_FROM = 80  # 高龄: the age at which cities begin to pay the allowance for the very old
