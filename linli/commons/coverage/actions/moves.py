"""A household is said to have moved: that is looked into, and recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.commons.coverage.models import CoverageRow
from linli.commons.coverage.queries import people_at
from linli.commons.coverage.terms import MOVED_TASK, OVER, ContactResult
from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.register.people.actions import move_out
from linli.register.people.models import Person
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.register.posts.rules import MAY_EDIT_PEOPLE
from linli.workbench.tasks.actions import finish_task, open_task
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.terms import UNFINISHED


def check_met(row: CoverageRow, met: Sequence[Person]) -> None:
    """Refuse people who do not live in the household."""
    if {person.pk for person in met} - {person.pk for person in people_at(row)}:
        raise Refused("canvass.met", _("选的人不住在这一户"), "met", _("请刷新页面再选"))


def wait_again(row: CoverageRow) -> None:
    """Put a household back among those that wait."""
    CoverageRow.objects.filter(pk=row.pk, result__in=OVER).update(
        # The token goes: the same page sent again would else count as said already.
        result=ContactResult.WAITING,
        form_token="",
        changed_at=timezone.now(),
    )
    row.refresh_from_db()


def look_into_move(row: CoverageRow, by: User | None) -> None:
    """Have somebody find out whether a household has moved that the register still has here."""
    people = people_at(row)
    if not people:
        return
    open_task(
        kind=MOVED_TASK,
        about=row,
        place=row.place,
        person=people[0] if len(people) == 1 else None,
        title=_("核实迁出：%(place)s") % {"place": row.place},
        note=_("走访时说已搬走，底册里还有%(n)s人") % {"n": len(people)},
        by=by,
        occasion=f"moved:{row.pk}:{row.tries}",
    )


def move_task_of(row: CoverageRow) -> Task | None:
    """Return the open task to look into whether a household has moved."""
    task: Task | None = Task.objects.filter(
        kind=MOVED_TASK, subject_id=row.pk, state__in=UNFINISHED
    ).first()
    return task


@action(
    "canvass.settle_move",
    term=gettext_noop("核实迁出"),
    may=role_in(MAY_EDIT_PEOPLE),
    journal="canvass.move_settled",
)
def settle_move(
    *, row: CoverageRow, moved: Sequence[Person], on: date, to: str = "", by: User
) -> None:
    """Record who of a household has moved; nobody means that they still live here."""
    if row.result != ContactResult.MOVED:
        raise Refused("canvass.not_moved", _("这一户没有记为“已搬走”，或已经核实过"))
    check_met(row, moved)
    text = _("登记迁出%(n)s人") % {"n": len(moved)} if moved else _("还住在这里")
    # First: with the last of them the task would end by itself, as not needed.
    if (task := move_task_of(row)) is not None:
        finish_task(task=task, by=by, result=text)
    for person in moved:
        move_out(person=person, on=on, to=to, by=by)
    if not moved and people_at(row):
        wait_again(row)
    write_journal(
        "canvass.move_settled", about=row.place, text=text, data={"moved": len(moved)}, by=by
    )
