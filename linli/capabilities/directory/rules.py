"""Who may refer, when consent is enough, what may follow what: no Django, no clock."""

from __future__ import annotations

from datetime import date, timedelta

from linli.core.rules import rule

MAY_REFER = frozenset({"subdistrict_officer", "secretary", "community_worker", "grid_worker"})

LINK_DAYS = 30
LINK_DAYS_ACCEPTED = 90
FOLLOW_UP_DAYS = 7
LATEST_FOLLOW_UP_DAYS = 365
SHORTEST_WORDS = 2
LONGEST_WORDS = 1000
SHORTEST_NUMBER, LONGEST_NUMBER = 5, 40
GUESSES, CALLS, SECONDS = 20, 120, 600  # of a personal link, from one address
MOST_FOUND = 40

NEXT = {
    "proposed": frozenset({"accepted", "refused", "withdrawn"}),
    "accepted": frozenset({"done", "refused", "withdrawn"}),
}


@rule(
    says="转介要有本人同意：怎样同意、谁同意、哪天同意；监护人或受托人代为同意要写明是谁",
    source="个人信息保护法第14、23、31条",
    since="2026-11-23",
    examples=(
        (
            {
                "how": "spoken",
                "by": "self",
                "name": "",
                "on": date(2026, 11, 20),
                "today": date(2026, 11, 23),
            },
            True,
        ),
        (
            {
                "how": "",
                "by": "self",
                "name": "",
                "on": date(2026, 11, 20),
                "today": date(2026, 11, 23),
            },
            False,
        ),
        (
            {
                "how": "phone",
                "by": "guardian",
                "name": "",
                "on": date(2026, 11, 20),
                "today": date(2026, 11, 23),
            },
            False,
        ),
    ),
)
def is_consent(*, how: str, by: str, name: str, on: date | None, today: date) -> bool:
    """Is this consent enough to tell somebody outside?"""
    said_who = by == "self" or (by in ("guardian", "entrusted") and len(name.strip()) > 1)
    return how in ("spoken", "phone", "written") and said_who and on is not None and on <= today


@rule(
    says="转介先接下再办好；没接下的可以不接，接下后也可以退；办好、不接、撤回后不再变",
    source="设计：专业力量（P7）",
    since="2026-11-23",
    examples=(
        ({"now": "proposed", "then": "accepted"}, True),
        ({"now": "proposed", "then": "done"}, False),
        ({"now": "done", "then": "withdrawn"}, False),
    ),
)
def may_follow(*, now: str, then: str) -> bool:
    """May a referral go from one state to another?"""
    return then in NEXT.get(now, frozenset())


@rule(
    says="转介链接30天内有效，接下后再延90天；办好、不接、撤回后链接里不再有个人信息",
    source="个人信息保护法第19条：保存期限最短",
    since="2026-11-23",
    examples=(
        ({"sent": date(2026, 11, 1), "accepted": None}, date(2026, 12, 1)),
        ({"sent": date(2026, 11, 1), "accepted": date(2026, 11, 2)}, date(2027, 1, 31)),
    ),
)
def link_ends_on(*, sent: date, accepted: date | None) -> date:
    """Return the last day on which the personal link of a referral opens."""
    if accepted is not None:
        return accepted + timedelta(days=LINK_DAYS_ACCEPTED)
    return sent + timedelta(days=LINK_DAYS)
