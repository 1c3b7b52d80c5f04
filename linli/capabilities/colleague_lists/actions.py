"""Taking a list in: users are made and posts given, row by row, all or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_noop

from linli.capabilities.colleague_lists.plan import Fate, RowPlan
from linli.core.actions import action, write_journal
from linli.core.scope import current_scope
from linli.core.time import today
from linli.register.posts.actions import NewUser, add_user, give_post, may_give_posts
from linli.register.posts.models import User
from linli.register.posts.seat_changes import together


@dataclass(frozen=True)
class TakenList:
    """The users that were made, with passwords to be told once, and how many were appointed."""

    new: list[NewUser]
    appointed: int


@action(
    "colleague.take_list",
    term=gettext_noop("导入同事名单"),
    may=may_give_posts,
    journal="colleague.list_taken",
)
def take_list(*, planned: Sequence[RowPlan], by: User) -> TakenList:
    """Make the users and give the posts of the rows that are clear."""
    new: dict[str, NewUser] = {}
    clear = [one for one in planned if one.fate in (Fate.NEW, Fate.APPOINT) and one.place]
    with together():
        for one in clear:
            _appoint(one, new, by)
    paths = current_scope().paths
    left = sum(one.fate in (Fate.ASK, Fate.BAD) for one in planned)
    data = {"new": len(new), "appointed": len(clear), "left": left}
    write_journal(
        "colleague.list_taken", about=by, data=data, scope_path=paths[0] if paths else "", by=by
    )
    return TakenList(list(new.values()), len(clear))


def _appoint(row: RowPlan, new: dict[str, NewUser], by: User) -> None:
    user = row.user
    if user is None:
        if row.username not in new:
            new[row.username] = add_user(username=row.username, name=row.row.name, by=by)
        user = new[row.username].user
    if row.place is not None:
        give_post(user=user, role=row.role, place=row.place, from_date=today(), by=by)
