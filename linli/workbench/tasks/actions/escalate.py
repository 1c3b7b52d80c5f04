"""Late tasks go up."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.core.actions import action
from linli.core.errors import NotFound
from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.posts.models import User
from linli.workbench.journal.hash_chain import one_writer
from linli.workbench.tasks import rules
from linli.workbench.tasks.actions.transition_checks import may_work_on, write_task_journal
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries import days_late, seat_up
from linli.workbench.tasks.terms import UNFINISHED, TaskState


@action("task.escalate", term=gettext_noop("逾期上报"), may=may_work_on, journal="task.escalated")
def escalate_task(*, task: Task, by: User | None) -> Task:
    """Show a late task to the next post up; who answers for it does not change."""
    one_writer()
    # Each further step starts where the last one ended: the seat itself does not change.
    role = task.raised_role or task.seat_role
    barred = task.excluded_users
    secret = task.confidential
    above = seat_up(role, task.place, confidential=secret, excluded=barred) if role else None
    if above is None or above.place is None:
        raise NotFound()
    # Two workers may see the same late task: without its level it would go up twice.
    changed = Task.objects.filter(pk=task.pk, level=task.level, state__in=UNFINISHED).update(
        level=task.level + 1,
        raised_role=above.role,
        raised_place=above.place,
        changed_at=timezone.now(),
    )
    task.refresh_from_db()
    if not changed:
        raise NotFound()
    write_task_journal("task.escalated", task, by, to=above.words)
    return task


def escalate_late_tasks() -> int:
    """Send every task up that has been late long enough; return how many went."""
    went = 0
    with system_scope("late tasks go up, wherever they are"):
        late = Task.objects.filter(state__in=UNFINISHED, due_on__lt=today())
        for task in late.select_related("place", "person").iterator(chunk_size=500):
            if not rules.goes_up(working_days_late=days_late(task), level=task.level):
                continue
            try:
                escalate_task(task=task, by=None)
            except NotFound:
                continue  # nobody above, or it was done in this moment
            went += 1
    return went


def escalate_dangers() -> list[Task]:
    """Send up every danger that nobody has taken in time; return those that went."""
    went, moment = [], timezone.now()
    with system_scope("dangers go up, wherever they are"):
        waiting = Task.objects.filter(~Q(danger=""), state=TaskState.OPEN)
        for task in waiting.select_related("place", "person"):
            minutes = int((moment - (task.danger_since or task.opened_at)).total_seconds() // 60)
            if not rules.danger_goes_up(minutes=minutes, level=task.level):
                continue
            try:
                went.append(escalate_task(task=task, by=None))
            except NotFound:
                continue  # nobody above, or it was taken in this moment
    return went
