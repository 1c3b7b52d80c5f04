"""The kinds of tasks: a capability says who does them, in how many days, how much they weigh."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linli.core.dotted_paths import function_at

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from linli.register.posts.models import User
    from linli.workbench.tasks.models import Task

Listener = Callable[["Task", str, "User | None"], None]
Describe = Callable[[Collection[int]], Mapping[int, str]]
Withheld = Callable[["QuerySet[Task]", str], Iterable[int]]


@dataclass(frozen=True)
class TaskKind:
    """A kind of task; ``url_name`` is the page of its subject where it is done, if there is one.

    With ``refusal_goes_back`` a refused task ends and the subject's own app sends it elsewhere;
    otherwise it goes to the next post up. ``comes_back``: it is done by going back to the resident,
    so that a note of the same worker opens no second one. ``ends_with_subject``: it ends when the
    state of its subject, which asks for it, moves on, and cannot be ended by hand before.
    ``notes_contact``: finishing it notes the contact with its person itself. ``outlives`` names
    the kinds of records whose end does not end such a task (``core/endings.py``). ``outside`` is
    what programs of others read in place of the term where that names a need.
    """

    key: str
    term: str
    role: str
    working_days: int
    weight: int
    url_name: str = ""
    refusal_goes_back: bool = False
    outside: str = ""
    comes_back: bool = False
    ends_with_subject: bool = False
    notes_contact: bool = False
    outlives: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reminder:
    """Who is reminded of a task, by whom; ``key`` is the same for the same task and day."""

    task: Task
    people: tuple[User, ...]
    by: User | None
    key: str


KINDS: dict[str, TaskKind] = {}
_reminders: list[Callable[[Reminder], object]] = []
_listeners: dict[str, list[Listener]] = {}
_withheld: dict[str, Withheld] = {}
_pages: dict[str, Callable[[Task], str]] = {}
_subjects: dict[str, Describe] = {}


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
    comes_back: bool = False,
    ends_with_subject: bool = False,
    notes_contact: bool = False,
    outlives: tuple[str, ...] = (),
) -> TaskKind:
    """Add a kind of task. Weight is 1 to 100; working days count from the day after opening."""
    if key in KINDS:
        raise ValueError(f"task kind {key} is registered twice")
    if not 1 <= weight <= 100 or working_days < 0:
        raise ValueError(f"task kind {key}: weight 1 to 100, working days 0 or more")
    kind = TaskKind(
        key,
        term,
        role,
        working_days,
        weight,
        url_name,
        refusal_goes_back,
        outside,
        comes_back,
        ends_with_subject,
        notes_contact,
        outlives,
    )
    KINDS[key] = kind
    return kind


def usual_role(key: str) -> str:
    """Return the role that does this kind of task, "" for a kind that is no longer there."""
    return KINDS[key].role if key in KINDS else ""


def on_task(key: str, listener: Listener | str) -> None:
    """Have ``listener`` called inside the action that accepts, refuses, finishes … such a task."""
    _listeners.setdefault(key, []).append(function_at(listener))


def on_reminder(tell: Callable[[Reminder], object] | str) -> None:
    """Have an app of a higher room bring a reminder to those it is for."""
    _reminders.append(function_at(tell))


def tell_reminder(reminder: Reminder) -> None:
    """Bring a reminder to those it is for."""
    for tell in _reminders:
        tell(reminder)


def ends_on_page(key: str, where: Callable[[Task], str] | str) -> None:
    """Have ``where(task)`` say on which page such a task is ended; "" where a result is enough.

    What a listener refuses without more facts is asked for there, not refused after the tap.
    """
    _pages[key] = function_at(where)


def page_that_ends(task: Task) -> str:
    """Return the address of the page where a task is ended, "" when a result ends it."""
    where = _pages.get(task.kind)
    return where(task) if where is not None else ""


def stands_on_page(key: str, describe: Describe | str) -> None:
    """Say that such a task has no page of its own: it is done on the page of its subject.

    ``describe(keys)`` says where those subjects stand, in words, as far as this post sees them.
    """
    _subjects[key] = function_at(describe)


def has_no_page(key: str) -> bool:
    """Does a task of this kind stand on the page of its subject alone?"""
    return key in _subjects


def described(key: str, subjects: Collection[int]) -> Mapping[int, str]:
    """Return where the subjects of such tasks stand, those alone that this post may see."""
    return _subjects[key](subjects) if key in _subjects else {}


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
    return kind is None or not (kind.refusal_goes_back or kind.ends_with_subject)


def ends_with_subject(task: Task) -> bool:
    """Does a task end only when its subject moves on?"""
    kind = KINDS.get(task.kind)
    return kind is not None and kind.ends_with_subject
