"""What is done to many records of a list at once; each row by the verb that one row has.

An app registers a list in its ``apps.py`` and says how its keys are found again, in the scope of
whoever asks; any app adds verbs to it. There is no second way to do a thing: a verb here calls the
action of one record, which asks who may, writes the journal and refuses in words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from linli.core.dotted_paths import function_at
from linli.core.errors import NotFound
from linli.core.interface.registry import AlreadyRegistered, May, Words

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import QueryDict

    from linli.core.scope import Scope

MOST = 200  # rows at once: what somebody can look through before they say yes


@dataclass(frozen=True)
class BulkRow:
    """One record that was ticked: how people call it, and where its page is."""

    key: int
    record: Any
    label: str
    note: str = ""
    href: str = ""


Find = Callable[[Sequence[int]], Sequence[BulkRow]]
FoundKeys = Callable[["QueryDict"], Sequence[int]]
# Returns the address that takes it back, "" where nothing does.
Run = Callable[..., str]
MakeForm = Callable[..., "Form"]


@dataclass(frozen=True)
class BulkList:
    """A list whose rows can be ticked: which rows keys name, which keys a query finds."""

    key: str
    url_name: str
    find: Find
    found: FoundKeys


@dataclass(frozen=True)
class BulkVerb:
    """Something done to each ticked row; ``form`` asks what they all need (a reason, for whom)."""

    list_key: str
    key: str
    label: Words
    icon: str
    run: Run
    form: MakeForm | None = None
    may: May | None = None
    note: Words = ""
    order: int = 50

    def is_open_to(self, scope: Scope | None) -> bool:
        """May the holder of this scope try it? (Each row is asked again by its action.)"""
        return scope is not None and (self.may is None or self.may(scope))


_lists: dict[str, BulkList] = {}
_verbs: dict[tuple[str, str], BulkVerb] = {}


def register_bulk_list(
    key: str, *, url_name: str, find: Find | str, found: FoundKeys | str
) -> BulkList:
    """Let rows of a list be ticked. ``find(keys)`` leaves out what the active scope does not see;
    ``found(query)`` returns the keys of everything a query of the list finds."""
    if key in _lists:
        raise AlreadyRegistered(f"list {key}")
    _lists[key] = BulkList(key, url_name, function_at(find), function_at(found))
    return _lists[key]


def register_bulk(
    list_key: str,
    key: str,
    *,
    label: Words,
    icon: str,
    run: Run | str,
    form: MakeForm | str | None = None,
    may: May | None = None,
    note: Words = "",
    order: int = 50,
) -> BulkVerb:
    """Add a verb to a list: ``run(record=, given=, by=)`` for each row,
    ``form(records, data)`` once."""
    if (list_key, key) in _verbs:
        raise AlreadyRegistered(f"verb {key} of {list_key}")
    made = function_at(form) if form is not None else None
    verb = BulkVerb(list_key, key, label, icon, function_at(run), made, may, note, order)
    _verbs[list_key, key] = verb
    return verb


def bulk_verbs(list_key: str, scope: Scope | None) -> list[BulkVerb]:
    """Return what a post may do to many rows of a list, in order."""
    if list_key not in _lists:
        return []
    verbs = [one for one in _verbs.values() if one.list_key == list_key and one.is_open_to(scope)]
    return sorted(verbs, key=lambda verb: (verb.order, verb.key))


def bulk_verb_or_not_found(
    list_key: str, key: str, scope: Scope | None
) -> tuple[BulkList, BulkVerb]:
    """Return a list and one of its verbs for a post that may try it; else there is none."""
    verb = next((one for one in bulk_verbs(list_key, scope) if one.key == key), None)
    if verb is None:
        raise NotFound()
    return _lists[list_key], verb


def every_bulk_verb() -> list[BulkVerb]:
    """Return all verbs of all lists, for guards and the walker."""
    return list(_verbs.values())
