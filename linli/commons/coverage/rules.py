"""Who reaches households, when a claim is over, when to try again: no Django, no clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from linli.core.rules import rule

MAY_CANVASS = frozenset({"subdistrict_officer", "secretary", "community_worker", "grid_worker"})
MAY_START = frozenset({"subdistrict_officer", "secretary", "community_worker"})

LONGEST_TITLE, LONGEST_WORDS, SHORTEST_REASON = 60, 500, 2
MOST_HOUSEHOLDS = 30_000
LONGEST_DAYS = 180
CLAIM_MINUTES = 10


@rule(
    says="打开一户就占住10分钟，别人看得到；过了就放开",
    source="设计：几个人同时走一栋楼，不撞在一起",
    since="2026-11-23",
    examples=(
        (
            {
                "until": datetime(2026, 11, 23, 10, 0, tzinfo=UTC),
                "now": datetime(2026, 11, 23, 10, 1, tzinfo=UTC),
                "is_own": False,
            },
            False,
        ),
        (
            {
                "until": datetime(2026, 11, 23, 10, 0, tzinfo=UTC),
                "now": datetime(2026, 11, 23, 9, 59, tzinfo=UTC),
                "is_own": True,
            },
            False,
        ),
    ),
)
def is_held(*, until: datetime | None, now: datetime, is_own: bool) -> bool:
    """Is somebody else at this household just now?"""
    return until is not None and now < until and not is_own


@rule(
    says="没人在家，没说哪天再去就第二天再去",
    source="人人不漏：什么时候再去要写明",
    since="2026-11-23",
    examples=(({"said": None, "today": date(2026, 11, 23)}, date(2026, 11, 24)),),
)
def try_again_on(*, said: date | None, today: date) -> date:
    """Return the day to try again."""
    return said or today + timedelta(days=1)
