"""What happens to everything that is kept about people, once their time is over.

Every table with a key to a person or a household, or with a pointer to any record, declares here
what retention does with its rows; a guard walks the models and fails on one that says nothing. An
app that the workbench may not name declares its own tables from its ``apps.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet

PERSON, HOUSEHOLD = "person", "household"


class ErasureMode(StrEnum):
    """What becomes of a row about somebody whose time is over."""

    DELETE = "delete"
    BLANK = "blank"  # the row stays as a figure: no name, no words, no key to a person
    STAYS = "stays"  # the reason says why


@dataclass(frozen=True)
class TableDeclaration:
    """What retention does with one table: which rows are about somebody, what becomes of them.

    ``keys`` are the columns that point at the person (or at the household, with ``about``), of
    which any may; ``where`` says which rows of a pointer to any record are meant. ``rows`` finds
    them where no column does. ``blank`` says what the columns of a row that stays become.

    What hangs on a row by a pointer to any record (photos, tasks, messages) and what the journal
    said about it go with it: with every row that is deleted, and with one that stays only if it is
    ``about_nobody_else``. ``entries`` finds entries of the journal that say the same elsewhere.
    """

    model: str
    keys: tuple[str, ...]
    fate: ErasureMode
    why: str
    about: str = PERSON
    where: Mapping[str, Any] = field(default_factory=dict)
    blank: Mapping[str, Any] = field(default_factory=dict)
    rows: Callable[[int], QuerySet[Any]] | None = None
    first: Callable[[QuerySet[Any]], None] | None = None  # done before: what hangs on the rows
    about_nobody_else: bool = False
    entries: Callable[[int], Q] | None = None
    # Was it noted by somebody, and would be lost if the record it is about were taken back?
    is_lost_with_it: bool = True
    order: int = 50  # what points at a row goes before it

    @property
    def takes_along(self) -> bool:
        """Does what hangs on its rows, and what was said about them, go with them?"""
        return self.fate is ErasureMode.DELETE or self.about_nobody_else

    @property
    def points_at_records(self) -> bool:
        """Does it hang on records by a pointer to any of them, of which people are one kind?"""
        return "subject_kind" in self.where

    def of(self, key: int) -> QuerySet[Any]:
        """Return the rows about one person, or one household."""
        if self.rows is not None:
            return self.rows(key)
        either = Q()
        for column in self.keys:
            # A key says whom it means; only a pointer to any record has to be told the kind.
            limits = self.where if column.endswith("_id") else {}
            either |= Q(**{column: key}, **limits)
        model: Any = apps.get_model(self.model)
        rows: QuerySet[Any] = model.objects.filter(either)
        return rows


Waits = Callable[[Collection[int]], Mapping[int, str]]

_declared: list[TableDeclaration] = []
_waits: dict[str, Waits] = {}


def declare(*declarations: TableDeclaration) -> None:
    """Say what retention does with tables."""
    _declared.extend(declarations)


def declared() -> list[TableDeclaration]:
    """Return every declaration, in the order in which rows go."""
    return sorted(_declared, key=lambda declaration: (declaration.order, declaration.model))


def register_waits(key: str, waits: Waits) -> None:
    """Have ``waits(keys of people)`` say for whom deletion waits, and why."""
    if key in _waits:
        raise ValueError(f"retention waits {key} twice")
    _waits[key] = waits


def waiting(people: Collection[int]) -> dict[int, list[str]]:
    """Return why deletion of each of these people waits; who is missing does not wait."""
    reasons: dict[int, list[str]] = {}
    for _key, ask in sorted(_waits.items()):
        for person, why in ask(people).items():
            reasons.setdefault(person, []).append(why)
    return reasons
