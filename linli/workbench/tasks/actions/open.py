"""Opening a task, and keeping what is confidential from those it does not concern."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.time import add_working_days, today
from linli.register.parties.models import Party
from linli.register.people.models import Person
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.workbench.journal.hash_chain import one_writer
from linli.workbench.tasks import rules
from linli.workbench.tasks.actions.reseat import reseat
from linli.workbench.tasks.actions.transition_checks import write_task_journal as say_in_journal
from linli.workbench.tasks.kinds import KINDS
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries import Seat, calendar
from linli.workbench.tasks.queries.seats import by_hand, seat_now
from linli.workbench.tasks.terms import UNFINISHED, TaskState

may_open = role_in(rules.MAY_WORK)
MOST_IN_TITLE = 120


@action("task.open", term=gettext_noop("开出待办"), may=may_open, journal="task.opened")
def open_task(
    *,
    kind: str,
    about: models.Model,
    place: Place,
    title: str,
    by: User | None,
    person: Person | None = None,
    party: Party | None = None,
    due_on: date | None = None,
    counted_days: int | None = None,
    note: str = "",
    seat: Seat | None = None,
    occasion: str = "",
    confidential: bool = False,
    excluded: Sequence[User | None] = (),
    danger: str = "",
    danger_since: datetime | None = None,
) -> Task:
    """Give a task to the post that answers for a place; the same occasion makes one task.

    ``excluded`` must not do it (the visit was theirs, the work was theirs): if nobody else holds
    the post, the next one up that somebody else holds has it.

    Without a day it is counted. ``counted_days`` says by how many working days the caller counted
    the day it gives: then it is counted anew when the year's days off are entered.
    """
    known = KINDS[kind]
    if occasion and (already := _same(kind, occasion)):
        # The action promises an entry and would be rolled back without one.
        write_journal("task.opened", about=already, text=already.title, data={"again": True}, by=by)
        return already
    days = counted_days
    if days is None and due_on is None:
        days = known.working_days
    due = due_on or add_working_days(today(), days or 0, calendar())
    barred = sorted({user.pk for user in excluded if user is not None})
    one_writer()
    chosen = seat_now(
        seat or Seat(known.role, None, is_gap=True, missing=known.role),
        place,
        confidential=confidential,
        excluded=barred,
    )
    task = Task(
        kind=kind,
        title=title.strip()[:MOST_IN_TITLE],
        note=note.strip()[: rules.LONGEST_WORDS],
        subject_kind=about._meta.label_lower,
        subject_id=about.pk,
        place=place,
        person=person,
        party=party,
        seat_role=chosen.role,
        seat_place=chosen.place,
        chosen_place=by_hand(seat, chosen, place),
        excluded_users=barred,
        is_gap=chosen.is_gap,
        missing_role=chosen.missing,
        due_on=due,
        counted_days=days,
        opened_by=by,
        occasion=occasion,
        scope_path=place.path,
        confidential=confidential,
        danger=danger,
        danger_since=danger_since if danger else None,
    )
    try:
        # A savepoint: PostgreSQL accepts nothing more in a transaction whose insert failed.
        with transaction.atomic():
            task.save()
    except IntegrityError:
        # Somebody opened it for the same occasion a moment ago: theirs is the task.
        already = _same(kind, occasion) if occasion else None
        if already is None:
            raise
        task = already
    say_in_journal("task.opened", task, by, subject=about, due=str(due), role=chosen.role)
    return task


def _same(kind: str, occasion: str) -> Task | None:
    task: Task | None = Task.objects.filter(kind=kind, occasion=occasion).first()
    return task


# Whoever dispatches a case may learn that it is confidential.
may_hide = role_in(rules.MAY_DISPATCH)


@action("task.hide", term=gettext_noop("待办保密"), may=may_hide, journal="task.hidden")
def hide_tasks(
    *, about: models.Model, title: str, hidden: bool, by: User | None, seat: Seat | None = None
) -> int:
    """Keep the tasks about a record from others, or show them again; return how many.

    A hidden task says in its title and note nothing of what it is about: those who may see the
    record read it there. ``seat`` takes over what is open and is nobody's share of the record.
    """
    rows = Task.objects.filter(
        subject_kind=about._meta.label_lower, subject_id=about.pk, confidential=not hidden
    )
    one_writer()
    if hidden and seat is not None:
        shares = [kind.key for kind in KINDS.values() if kind.refusal_goes_back]
        rows.filter(state__in=UNFINISHED).exclude(kind__in=shares).update(
            seat_role=seat.role,
            seat_place=seat.place,
            chosen_place=None,
            is_gap=seat.is_gap,
            missing_role=seat.missing,
            taken_by=None,
            state=TaskState.OPEN,
        )
    # Last, for `rows` is chosen by the old value of the column that changes here.
    changes = {"confidential": hidden, "title": title.strip()[:MOST_IN_TITLE]}
    changed = rows.update(**changes, **({"note": ""} if hidden else {}))
    write_journal("task.hidden", about=about, data={"tasks": changed, "hidden": hidden}, by=by)
    # The seat was chosen before the others were made to wait.
    reseat(Q(subject_kind=about._meta.label_lower, subject_id=about.pk), by=by)
    return changed
