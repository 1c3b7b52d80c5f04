"""The kinds of tasks: a capability says who does them, in how many days, how much they weigh."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linli.core.dotted_paths import function_at

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from linli.register.posts.models import User
    from linli.workbench.tasks.models import Task

Listener = Callable[["Task", str, "User | None"], None]
Withheld = Callable[["QuerySet[Task]", str], Iterable[int]]


@dataclass(frozen=True)
class TaskKind:
    """A kind of task; ``url_name`` is the page of its subject where it is done, if there is one.

    With ``refusal_goes_back`` a refused task ends and the subject's own app sends it elsewhere;
    otherwise it goes to the next post up. ``outside`` is what programs of others read in place of
    the term where that names a need. ``outlives`` names the kinds of records whose end does not
    end such a task (``core/endings.py``).
    """

    key: str
    term: str
    role: str
    working_days: int
    weight: int
    url_name: str = ""
    refusal_goes_back: bool = False
    outside: str = ""
    outlives: tuple[str, ...] = ()


KINDS: dict[str, TaskKind] = {}
_listeners: dict[str, list[Listener]] = {}
_withheld: dict[str, Withheld] = {}


def register_task_kind(
    key: str,
    *,
    term: str,
    role: str,
    working_days: int,
    weight: int,
    url_name: str = "",
    refusal_goes_back: bool = False,
    outside: str = "",
    outlives: tuple[str, ...] = (),
) -> TaskKind:
    """Add a kind of task. Weight is 1 to 100; working days count from the day after opening."""
    if key in KINDS:
        raise ValueError(f"task kind {key} is registered twice")
    if not 1 <= weight <= 100 or working_days < 0:
        raise ValueError(f"task kind {key}: weight 1 to 100, working days 0 or more")
    kind = TaskKind(
        key, term, role, working_days, weight, url_name, refusal_goes_back, outside, outlives
    )
    KINDS[key] = kind
    return kind


def on_task(key: str, listener: Listener | str) -> None:
    """Have ``listener`` called inside the action that accepts, refuses, finishes … such a task."""
    _listeners.setdefault(key, []).append(function_at(listener))


def withhold_tasks(key: str, which: Withheld | str) -> None:
    """Have ``which(rows, role)`` say which of these tasks a role may not know: a title may tell."""
    _withheld[key] = function_at(which)


def withheld(rows: QuerySet[Task], role: str) -> list[int]:
    """Return the keys of those tasks whose titles would tell a role what it may not know."""
    return [pk for key, which in _withheld.items() for pk in which(rows.filter(kind=key), role)]


def tell_listeners(task: Task, what: str, by: User | None) -> None:
    """Tell whoever listens to this kind of task what happened to it."""
    # Within the action: a listener that refuses takes the whole step back.
    for listener in _listeners.get(task.kind, []):
        listener(task, what, by)


def is_taken_back_here(task: Task) -> bool:
    """Can a finished task be taken back by itself, or only on the page of its subject?"""
    kind = KINDS.get(task.kind)
    return kind is None or not kind.refusal_goes_back
