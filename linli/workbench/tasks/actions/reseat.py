"""Tasks go where somebody sits: to a seat that is filled, and up from one that is emptied."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.batches import in_batches
from linli.core.paths import path_after
from linli.core.scope import system_scope
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.register.posts.terms import Role
from linli.workbench.journal.hash_chain import one_writer
from linli.workbench.tasks.kinds import usual_role, withheld
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries.seats import Seat, holders_now
from linli.workbench.tasks.rules import (
    MAY_DISPATCH,
    SEES_ALL_TASKS,
    Answer,
    Asked,
    Stands,
    answering,
    next_seen,
)
from linli.workbench.tasks.terms import UNFINISHED, TaskState

Holders = Mapping[Stands, frozenset[int]]
_COLUMNS = (
    "pk",
    "kind",
    "state",
    "taken_by_id",
    "place__path",
    "seat_role",
    "seat_place__path",
    "chosen_place__path",
    "is_gap",
    "missing_role",
    "confidential",
    "excluded_users",
    "raised_role",
    "raised_place__path",
)
may_reseat = role_in(frozenset())  # by itself, as a consequence of an appointment


@dataclass(frozen=True)
class Move:
    """From which seat to which; all tasks that go the same way are moved and told of together."""

    was: Stands
    to: Answer
    asked: str
    confidential: bool


def tasks_follow(paths: tuple[str, ...], by: User | None) -> None:
    """Look again at the tasks below these paths: who holds a post there has changed."""
    below = Q()
    for path in paths:
        below |= Q(scope_path__gte=path, scope_path__lt=path_after(path))
    reseat(below, by=by)


def reseat_due() -> int:
    """Move what a post that began or ended by its date has left; return how many tasks moved."""
    return reseat(Q(), by=None)


def reseat(which: Q, *, by: User | None) -> int:
    """Put the unfinished tasks of ``which`` where they belong now; return how many moved."""
    why = "who answers for a place may sit above it"
    with system_scope(why), transaction.atomic():
        rows = Task.objects.filter(which, state__in=UNFINISHED)
        if not rows.exists():
            return 0
        one_writer()
        holders = holders_now()
        moves = _moves(rows.values(*_COLUMNS), holders)
        for move, pks in moves.items():
            move_tasks(move=move, tasks=pks, by=by)
        _raise_again(rows, holders, by)
        return sum(map(len, moves.values()))


def _moves(rows: Iterable[Mapping[str, Any]], holders: Holders) -> dict[Move, list[int]]:
    moves: dict[Move, list[int]] = defaultdict(list)
    held_by: dict[int, set[Stands]] = defaultdict(set)
    for stands, users in holders.items():
        for user in users:
            held_by[user].add(stands)
    for row in rows:
        was = Stands(row["seat_role"], row["seat_place__path"] or "")
        if row["state"] == TaskState.ACCEPTED and _is_still_with(row, was, held_by):
            continue
        asked = _asked(row, was)
        to = answering(asked, holders)
        now = to.seat or Stands(to.missing, "")
        if (was, row["missing_role"]) != (now, to.missing) and not _tells_too_much(row, to):
            moves[Move(was, to, asked.role, asked.confidential)].append(row["pk"])
    return moves


def _is_still_with(row: Mapping[str, Any], was: Stands, held_by: Mapping[int, set[Stands]]) -> bool:
    """Does who took it still sit there, or dispatch there? A leaver does not keep it."""
    if row["taken_by_id"] in row["excluded_users"]:
        return False
    path = row["place__path"]
    return any(
        one == was or (one.role in MAY_DISPATCH and path.startswith(one.path))
        for one in held_by.get(row["taken_by_id"], ())
    )


def _asked(row: Mapping[str, Any], was: Stands) -> Asked:
    role = row["missing_role"] or (usual_role(row["kind"]) if row["is_gap"] else "")
    return Asked(
        role=role or was.role,
        path=row["place__path"],
        chosen=row["chosen_place__path"] or "",
        at=None if row["is_gap"] else was,
        confidential=row["confidential"],
        excluded=tuple(row["excluded_users"]),
    )


def _tells_too_much(row: Mapping[str, Any], to: Answer) -> bool:
    """Would the title tell this role what it may not know? Then the task stays where it is."""
    if to.seat is None or to.seat.role in SEES_ALL_TASKS:
        return False
    return bool(withheld(Task.objects.filter(pk=row["pk"]), to.seat.role))


@action("task.reseat", term=gettext_noop("待办随岗位走"), may=may_reseat, journal="task.reseated")
def move_tasks(*, move: Move, tasks: Sequence[int], by: User | None) -> int:
    """Let tasks go to the post that answers for them now; day, state and taker stay."""
    seat = move.to.seat
    place = Place.objects.get(path=seat.path) if seat else None
    for keys in in_batches(tasks):
        Task.objects.filter(pk__in=keys).update(
            seat_role=seat.role if seat else move.to.missing,
            seat_place=place,
            is_gap=bool(move.to.missing),
            missing_role=move.to.missing,
            changed_at=timezone.now(),
        )
    text = _words(move, place, len(tasks))
    _tell_once("task.reseated", tasks, place, text, by, apart=move.confidential)
    return len(tasks)


def _tell_once(
    kind: str, tasks: Sequence[int], place: Place | None, text: str, by: User | None, *, apart: bool
) -> None:
    """Write one entry for all, shown on the page of each: an appointment may move hundreds.

    What is confidential (``apart``) is not counted on the page of a place, which more people read.
    """
    first = Task.objects.get(pk=tasks[0])
    about = first if apart or place is None else place
    also = [Task(pk=pk) for pk in tasks]
    data = {"tasks": len(tasks)}
    write_journal(kind, about=about, also=also, text=text, data=data, by=by)


def _words(move: Move, place: Place | None, n: int) -> str:
    """Say why the tasks came: whoever finds them reads it on the page of each."""
    figures = {"n": n, "role": Role(move.asked).label if move.asked in Role.values else ""}
    if place is None:
        words = _("“%(role)s”没有人能办，上面各级也没有：%(n)s件待办列入“无人负责”")
        return words % figures
    figures["seat"] = Seat(move.to.seat.role if move.to.seat else "", place).words
    if move.to.missing:
        return _("“%(role)s”没有人能办：%(n)s件待办由%(seat)s代办") % figures
    return _("%(seat)s有人负责了：%(n)s件待办归这个岗位") % figures


def _raise_again(rows: QuerySet[Task], holders: Holders, by: User | None) -> None:
    """Show what was reported up to a seat that is empty now to the next one above it."""
    raised = rows.exclude(raised_role="").filter(raised_place__isnull=False)
    moves: dict[tuple[Stands, bool], list[int]] = defaultdict(list)
    for row in raised.values(*_COLUMNS):
        at = Stands(row["raised_role"], row["raised_place__path"])
        if at in holders:
            continue
        above = next_seen(_asked(row, at), at.role, holders)
        if above is not None:
            moves[above, row["confidential"]].append(row["pk"])
    for (to, hidden), pks in moves.items():
        raise_tasks(tasks=pks, to=to, confidential=hidden, by=by)


@action(
    "task.raise_again", term=gettext_noop("改报上一级"), may=may_reseat, journal="task.escalated"
)
def raise_tasks(*, tasks: Sequence[int], to: Stands, confidential: bool, by: User | None) -> int:
    """Show late tasks to the next post up, when the one they were reported to is empty."""
    place = Place.objects.get(path=to.path)
    for keys in in_batches(tasks):
        Task.objects.filter(pk__in=keys).update(
            raised_role=to.role, raised_place=place, changed_at=timezone.now()
        )
    words = {"seat": Seat(to.role, place).words}
    text = _("原来上报的岗位空了，改报%(seat)s") % words
    _tell_once("task.escalated", tasks, place, text, by, apart=confidential)
    return len(tasks)
