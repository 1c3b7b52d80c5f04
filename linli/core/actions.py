"""Writes as verbs: one function per thing somebody does, behind one door.

``@action`` opens the transaction, asks ``may``, refuses in words, and fails when the journal entry
it promised is missing. The registry makes the table of permissions and feeds the guards.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from linli.core.autodiscover import autodiscover
from linli.core.dotted_paths import function_at
from linli.core.errors import Refused
from linli.core.storage import in_plain_words

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Action:
    """A thing somebody does: who may, what it is called, what the journal will say."""

    key: str
    term: str
    may: Callable[..., bool]
    journal: str
    function: Callable[..., Any]

    @property
    def sentence(self) -> str:
        """Return the one sentence that says what it does."""
        return (self.function.__doc__ or "").strip().splitlines()[0]


@dataclass
class JournalDraft:
    """What an action wants the journal to say."""

    kind: str
    about: Any = None
    text: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    scope_path: str = ""
    by: Any = None
    also: tuple[Any, ...] = ()


ACTIONS: dict[str, Action] = {}
_running: ContextVar[list[JournalDraft] | None] = ContextVar("linli_action", default=None)
_sinks: list[Callable[[JournalDraft], None]] = []
_first_steps: list[Callable[[], None]] = []


class WriteOutsideAction(RuntimeError):
    """Something changed a row and was no action."""


class MissingJournalEntry(AssertionError):
    """An action finished without the journal entry it promised."""


def keep_journal_with(sink: Callable[[JournalDraft], None] | str) -> None:
    """Register what stores journal entries (the journal app does, when it is ready)."""
    _sinks.append(function_at(sink))


def begin_with(step: Callable[[], None] | str) -> None:
    """Register what every action does first, inside its transaction (submissions do)."""
    _first_steps.append(function_at(step))


def write_journal(
    kind: str,
    *,
    about: Any = None,
    text: str = "",
    data: dict[str, Any] | None = None,
    scope_path: str = "",
    by: Any = None,
    also: Sequence[Any] = (),
) -> None:
    """Write one journal entry from inside an action; ``also`` names other records it concerns."""
    entries = _running.get()
    if entries is None:
        raise WriteOutsideAction(f"journal entry {kind!r} outside an action")
    path = scope_path or getattr(about, "scope_path", "")
    entry = JournalDraft(kind, about, text, data or {}, path, by, tuple(also))
    entries.append(entry)
    for sink in _sinks:
        sink(entry)


def every_action() -> list[Action]:
    """Return the actions of all apps; an app whose actions nobody has used yet loads them now."""
    _load_actions()
    return list(ACTIONS.values())


@functools.cache
def _load_actions() -> None:
    autodiscover("actions")


def is_action_running() -> bool:
    """Is an action under way, so that rows may be written?"""
    return _running.get() is not None


@contextmanager
def writes_allowed(reason: str) -> Iterator[None]:
    """Allow writes that are no action of a person: migrations, sessions, test set-up."""
    if not reason:
        raise WriteOutsideAction("writes_allowed needs a reason")
    token = _running.set([])
    try:
        yield
    finally:
        _running.reset(token)


def _check_shape(key: str, function: Callable[..., Any]) -> None:
    parameters = inspect.signature(function).parameters
    if any(p.kind is not p.KEYWORD_ONLY for p in parameters.values()):
        raise TypeError(f"action {key}: every argument is keyword-only")
    if "by" not in parameters:
        raise TypeError(f"action {key}: says who did it (by=)")
    if not function.__doc__:
        raise TypeError(f"action {key}: needs a sentence")


def _ask(may: Callable[..., bool], arguments: dict[str, Any]) -> bool:
    wanted = inspect.signature(may).parameters
    if any(p.kind is p.VAR_KEYWORD for p in wanted.values()):
        return may(**arguments)
    return may(**{name: value for name, value in arguments.items() if name in wanted})


def action(
    key: str, *, term: str, may: Callable[..., bool], journal: str, by_the_way: bool = False
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function the one door for a thing somebody does.

    What happens ``by_the_way``, while a page is read, is not what a form was sent for.
    """

    def wrap(function: Callable[P, R]) -> Callable[P, R]:
        _check_shape(key, function)

        @functools.wraps(function)
        def run(*args: P.args, **arguments: P.kwargs) -> R:
            if args:
                raise TypeError(f"action {key} takes keyword arguments only")
            # Asked before the transaction begins: on SQLite that alone would take the write lock.
            if not _ask(may, dict(arguments)):
                raise Refused(
                    f"{key}.not_allowed",
                    _("您的岗位不能“%(term)s”") % {"term": _(term)},
                    hint=_("需要时请找社区书记或街道管理员。"),
                )
            # A list of its own: the entry of an inner action never counts as the outer one's.
            token = _running.set([])
            try:
                # The words go outside: a full disk may show no earlier than at the commit.
                with in_plain_words(), transaction.atomic():
                    for step in () if by_the_way else _first_steps:
                        step()
                    result = function(**arguments)  # type: ignore[call-arg]
                    if not any(e.kind == journal for e in _running.get() or []):
                        # Inside the transaction: a change without its entry is rolled back.
                        raise MissingJournalEntry(f"{key} wrote no {journal!r} entry")
                    return result
            finally:
                _running.reset(token)

        ACTIONS[key] = Action(key, term, may, journal, function)
        return run

    return wrap
