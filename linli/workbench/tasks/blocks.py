"""What tasks show on pages of others: rows of 今日, the open tasks of a record."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from linli.core.interface.shell import TodayRow, TodayRows
from linli.core.scope import scope_or_none
from linli.core.time import due_words, today
from linli.register.people.models import Person
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.workbench.read_budget.actions import note_read
from linli.workbench.tasks.kinds import KINDS
from linli.workbench.tasks.queries import (
    InboxDoor,
    InboxLine,
    inbox,
    open_tasks_about,
    tasks,
    unknown_year_ahead,
    with_subjects,
)
from linli.workbench.tasks.rules import MAY_SET_WORKING_DAYS, MAY_WORK
from linli.workbench.tasks.terms import UNFINISHED


def today_rows(request: Any, limit: int) -> TodayRows | None:
    """Return what my posts must do, what is due first on top."""
    if not isinstance(request.user, User):
        return None
    lines = [line for door in inbox(request.user, by_matter=True).doors for line in door.lines]
    first = sorted(lines, key=_urgency)[:limit]
    shown = InboxDoor(0, "", "", first)
    with_subjects([shown])
    # Only the rows shown are read; those below are noted when the inbox is opened.
    note_read(shown.people, assigned=True)
    rows = [
        TodayRow(
            line.title,
            line.href,
            line.due_on,
            _note(line),
            is_danger=bool(line.danger),
            clock=line.danger_words or due_words(line.days_left),
        )
        for line in shown.lines
    ]
    return TodayRows(rows, len(lines), reverse("tasks:inbox"))


def _urgency(line: InboxLine) -> tuple[bool, date, int]:
    return (not line.danger, line.due_on or date.max, -line.points)


def _note(line: InboxLine) -> str:
    return " · ".join(filter(None, (line.term, line.subject_state, line.address)))


def unknown_year(_request: Any) -> dict[str, Any] | None:
    """Say which year's holidays nobody has entered yet; until then deadlines are a guess."""
    scope = scope_or_none()
    if scope is None or scope.role not in MAY_SET_WORKING_DAYS:
        return None
    year = unknown_year_ahead()
    return {"unknown_year": year} if year else None


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
