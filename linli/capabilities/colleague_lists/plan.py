"""What becomes of each row of a list, worked out before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from linli.capabilities.colleague_lists.table import ColleagueRow
from linli.core.chinese.pinyin import name_pinyin
from linli.core.errors import Refused
from linli.core.time import today
from linli.register.places.models import Place
from linli.register.posts.actions import check_appointment, checked_names, holds_already, known_user
from linli.register.posts.appointments import place_named, role_named
from linli.register.posts.models import User


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    APPOINT = "appoint"
    SAME = "same"
    ASK = "ask"
    BAD = "bad"


@dataclass(frozen=True)
class RowPlan:
    """One row with its fate, and why."""

    row: ColleagueRow
    fate: Fate
    why: str = ""
    username: str = ""
    role: str = ""
    place: Place | None = None
    user: User | None = None


def plan_of(rows: Iterable[ColleagueRow], same: Collection[int] = ()) -> list[RowPlan]:
    """Return the fate of each row; ``same`` are the rows said to be the known user after all."""
    rows = list(rows)
    nameless = Counter(row.name for row in rows if not row.username)
    names: dict[str, str] = {}
    seen: set[tuple[str, str, int]] = set()
    planned = []
    for row in rows:
        try:
            one = _planned(row, is_same=row.number in same, twice=nameless[row.name] > 1)
            _check_within(one, names, seen)
        except Refused as refused:
            fate = Fate.ASK if refused.code == "user.ask_same" else Fate.BAD
            hint = f"。{refused.hint}" if refused.hint else ""
            one = RowPlan(row, fate, f"{refused.sentence}{hint}")
        planned.append(one)
    return planned


def _planned(row: ColleagueRow, *, is_same: bool, twice: bool) -> RowPlan:
    if twice and not row.username:
        sentence = _("表里有几行都是“%(name)s”") % {"name": row.name}
        raise Refused("colleague.twice", sentence, "username", _("请给每位写上用户名"))
    spelt = row.username or name_pinyin(row.name).full
    username, name = checked_names(spelt, row.name)
    role, place = role_named(row.role), place_named(row.place)
    check_appointment(role, place)
    user = known_user(username=username, name=name, is_same=is_same)
    fate = Fate.NEW if user is None else Fate.APPOINT
    if user is not None and holds_already(user, role, place, today()):
        fate = Fate.SAME
    return RowPlan(row, fate, "", username, role, place, user)


def _check_within(one: RowPlan, names: dict[str, str], seen: set[tuple[str, str, int]]) -> None:
    """Refuse a row that contradicts one above it in the same list."""
    own = one.user.name if one.user else one.row.name
    name = names.setdefault(one.username, own)
    if name != own:
        words = {"username": one.username, "name": name}
        sentence = _("用户名“%(username)s”在上面是“%(name)s”的") % words
        raise Refused("colleague.other_name", sentence, "username")
    post = (one.username, one.role, one.place.pk if one.place else 0)
    if post in seen:
        raise Refused("colleague.repeated", _("和上面一行重复"))
    seen.add(post)
