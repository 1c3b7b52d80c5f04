"""What becomes of referrals when the resident or the organisation is not there any more."""

from __future__ import annotations

from linli.core.endings import PARTY, PERSON, PLACE, EndingDeclaration, Fate, declare


def declare_tables() -> None:
    """Tell the registry."""
    declare(
        EndingDeclaration(
            "directory.Referral",
            ("person",),
            (PERSON,),
            Fate.ENDS,
            "人不在了，转介撤回，链接不再打开",
            waits={"state__in": ("proposed", "accepted")},
            close="linli.capabilities.directory.ending_actions.withdraw_referrals",
            changes=("state", "answer", "ended_at"),
            order=40,
        ),
        EndingDeclaration(
            "directory.Referral",
            ("party",),
            (PARTY,),
            Fate.GOES_TO,
            "单位停用，居民还要有人帮：当天回访，另找单位",
            waits={"state__in": ("proposed", "accepted")},
            close="linli.capabilities.directory.ending_actions.look_for_another",
            order=40,
        ),
        EndingDeclaration(
            "directory.Referral", ("place",), (PLACE,), Fate.STAYS, "转介是人的事，跟着居民"
        ),
    )
