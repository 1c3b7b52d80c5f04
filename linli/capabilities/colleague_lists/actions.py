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
    appointed = 0
    for one in planned:
        if one.fate not in (Fate.NEW, Fate.APPOINT) or one.place is None:
            continue
        user = one.user
        if user is None:
            if one.username not in new:
                made = add_user(username=one.username, name=one.row.name, by=by)
                new[one.username] = made
            user = new[one.username].user
        give_post(user=user, role=one.role, place=one.place, from_date=today(), by=by)
        appointed += 1
    paths = current_scope().paths
    left = sum(one.fate in (Fate.ASK, Fate.BAD) for one in planned)
    data = {"new": len(new), "appointed": appointed, "left": left}
    write_journal(
        "colleague.list_taken", about=by, data=data, scope_path=paths[0] if paths else "", by=by
    )
    return TakenList(list(new.values()), appointed)
