"""What the product finds by itself and no condition says: empty posts, tasks that are late."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.register.posts.terms import Role
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries.gaps import gaps
from linli.workbench.tasks.terms import UNFINISHED

ITSELF = "alerts.respond"
PROMISE = "visits.promise"


@dataclass(frozen=True)
class SourceHit:
    """Something the product found: about which record, and the key of the occasion."""

    subject_kind: str
    subject_id: int
    key: str
    day: date | None
    name: str
    path: str


@dataclass(frozen=True)
class AlertSource:
    """A way of finding; ``words`` stand in the explanation of a rule."""

    key: str
    words: str
    find: Callable[[date], Iterator[SourceHit]]


def _empty_posts(on: date) -> Iterator[SourceHit]:
    for gap in gaps():
        words = {"place": gap.place.name, "role": Role(gap.role).label}
        name = _("%(place)s没有%(role)s") % words
        # The month is part of the key: a post that stays empty is said again each month.
        key = f"{gap.role}:{on:%Y-%m}"
        yield SourceHit("places.place", gap.place.pk, key, None, name, gap.place.path)


def _late_tasks(on: date) -> Iterator[SourceHit]:
    # An alert about a late alert would raise itself again for ever.
    yield from _late(on, ~Q(kind__in=(ITSELF, PROMISE)))


def _late_promises(on: date) -> Iterator[SourceHit]:
    yield from _late(on, Q(kind=PROMISE))


def _late(on: date, kinds: Q) -> Iterator[SourceHit]:
    late = Task.objects.filter(kinds, state__in=UNFINISHED, due_on__lt=on)
    for task in late.order_by("pk"):
        name = str(task)[:100]
        yield SourceHit("tasks.task", task.pk, str(task.due_on), task.due_on, name, task.scope_path)


SOURCES: dict[str, AlertSource] = {
    one.key: one
    for one in (
        AlertSource("posts.empty", gettext_noop("岗位空着或小区没有物业"), _empty_posts),
        AlertSource("promises.late", gettext_noop("答应居民的事过了期限"), _late_promises),
        AlertSource("tasks.late", gettext_noop("待办过了期限"), _late_tasks),
    )
}
