"""Reading the directory: who can come, and how referrals stand."""

from linli.capabilities.directory.queries.hits import Call, Hit
from linli.capabilities.directory.queries.referrals import (
    by_token,
    may_see_referrals,
    referral_or_not_found,
    referrals,
    referrals_of,
    referrer_of,
    told_outside,
)
from linli.capabilities.directory.queries.search import (
    NextBest,
    SearchAnswer,
    found_for,
    maintained_by,
    my_place,
    topics_at,
)

__all__ = [
    "Call",
    "Hit",
    "NextBest",
    "SearchAnswer",
    "by_token",
    "found_for",
    "maintained_by",
    "may_see_referrals",
    "my_place",
    "referral_or_not_found",
    "referrals",
    "referrals_of",
    "referrer_of",
    "told_outside",
    "topics_at",
]
