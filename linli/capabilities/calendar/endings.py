"""What becomes of feeds when their post ends."""

from __future__ import annotations

from linli.core.endings import POST, EndingDeclaration, Fate, declare


def declare_tables() -> None:
    """Tell the registry."""
    declare(
        EndingDeclaration(
            "calendar_feeds.Feed",
            ("post",),
            (POST,),
            Fate.ENDS,
            "岗位结束，订阅停用",
            waits={"revoked_at__isnull": True},
            close="linli.capabilities.calendar.actions.revoke_feeds",
            changes=("revoked_at",),
        )
    )
