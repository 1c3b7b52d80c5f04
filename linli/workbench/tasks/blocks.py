"""What tasks show on pages of others: the figures on 今日, the open tasks of a record."""

from __future__ import annotations

from typing import Any

from linli.core.scope import scope_or_none
from linli.core.time import today
from linli.register.people.models import Person
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.workbench.read_budget.actions import note_read
from linli.workbench.tasks.kinds import KINDS
from linli.workbench.tasks.queries import inbox, open_tasks_about, tasks, unknown_year_ahead
from linli.workbench.tasks.rules import MAY_SET_WORKING_DAYS, MAY_WORK
from linli.workbench.tasks.terms import UNFINISHED

DOORS_ON_HOME = 3


def home(request: Any) -> dict[str, Any] | None:
    """Return the figures and the first doors of the inbox; nothing for who has no tasks at all."""
    scope = scope_or_none()
    if scope is None or scope.role not in MAY_WORK or not isinstance(request.user, User):
        return None
    mine = inbox(request.user)
    # Only the doors shown are read; those below are noted when the inbox is opened.
    note_read((pk for door in mine.doors[:DOORS_ON_HOME] for pk in door.people), assigned=True)
    return {
        "inbox": mine,
        "doors": mine.doors[:DOORS_ON_HOME],
        "unknown_year": unknown_year_ahead() if scope.role in MAY_SET_WORKING_DAYS else None,
    }


MOST_ON_A_RECORD = 10


def open_tasks(request: Any, record: Any) -> dict[str, Any] | None:
    """Return what is still to be done about a record, for a person or a door also what is near."""
    scope = scope_or_none()
    if scope is None or scope.role not in MAY_WORK:
        return None
    if isinstance(record, Person):
        rows = tasks().filter(person=record, state__in=UNFINISHED)
    elif isinstance(record, Place) and record.kind == "dwelling":
        rows = tasks().filter(place=record, state__in=UNFINISHED)
    else:
        # What has a page of its own for being done stands there already.
        elsewhere = [kind.key for kind in KINDS.values() if kind.url_name]
        rows = open_tasks_about(record).exclude(kind__in=elsewhere).select_related(None)
    shown = list(rows.select_related("taken_by").order_by("due_on", "pk")[:MOST_ON_A_RECORD])
    note_read((task.person_id for task in shown if task.person_id), assigned=True)
    day = today()
    lines = [(task, (task.due_on - day).days if task.due_on else None) for task in shown]
    return {"lines": lines} if lines else None
