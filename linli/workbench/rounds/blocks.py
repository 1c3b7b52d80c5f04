"""What 今日, 走访 and the pages of doors and buildings say of the round."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext

from linli.core.interface.shell import Stop, Stops
from linli.core.scope import current_scope
from linli.core.time import today
from linli.register.posts.models import User
from linli.register.posts.queries import signed_in
from linli.workbench.read_budget.actions import note_read
from linli.workbench.rounds import queries, rules


def stops(request: Any, limit: int) -> Stops | None:
    """Return the buildings where something is due, for 走访."""
    waiting = queries.buildings_waiting(signed_in(request))
    rows = [
        Stop(
            str(one.building),
            reverse("rounds:building", args=[one.building.pk]),
            note=ngettext("逾期%(n)s件", "逾期%(n)s件", one.late) % {"n": one.late}
            if one.late
            else "",
            value=ngettext("%(n)s户", "%(n)s户", one.doors) % {"n": one.doors},
            is_late=bool(one.late),
        )
        for one in waiting[:limit]
    ]
    return Stops(rows, len(waiting), reverse("rounds:start"))


def next_stop(request: Any) -> dict[str, Any] | None:
    """Return where today's way goes: how many doors, the next one, and why."""
    if not isinstance(request.user, User):
        return None
    way = queries.way_today(request.user)
    if way is None:
        return None
    note_read(way.door.people, assigned=True)
    line = way.door.lines[0]
    return {
        "way": way,
        "href": reverse("rounds:door", args=[way.door.place_id]),
        "why": " · ".join(filter(None, (line.title, "、".join(line.reasons)))),
        "more": len(way.door.lines) - 1,
    }


def seen(_request: Any, record: Any) -> dict[str, Any] | None:
    """Return where a lead of the neighbourhood says that everybody at a door was seen."""
    if current_scope().role not in rules.SEES_NEIGHBOURS or record.kind != "dwelling":
        return None
    people = queries.door_at(record, today()).people
    if not people:
        return None
    return {"href": reverse("rounds:seen", args=[record.pk]), "people": people}
