"""Many people at once: the demonstration and the import of spreadsheets.

Both are actions with one journal entry each. They keep everything that the single actions keep:
checked and sealed numbers, pinyin and search text, households with size and birth dates, counts of
dwellings, provenance of each fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from linli.register.places.models import Place
from linli.register.posts.models import User

Facts = Mapping[str, Any]  # columns of Person by name, as facts.prepare() takes them


@dataclass(frozen=True)
class NewHousehold:
    """A household to settle: everybody in it, the head first unless ``relation_to_head`` says so.

    ``people`` give columns of Person (name, sex, birth_date, identity_number, phone, tenure,
    registered, relation_to_head, lives_since, source, confirmed_on, …); home, household, pinyin,
    search text and indexes are made here.
    """

    dwelling: Place
    people: Sequence[Facts]
    number: str = ""
    low_income: bool | None = None


@dataclass(frozen=True)
class Settled:
    """How many were settled."""

    households: int
    people: int


@dataclass(frozen=True)
class NewRow:
    """A row of a spreadsheet about somebody new; ``household_number`` keeps families apart."""

    row: int
    dwelling: Place
    facts: Facts
    household_number: str = ""


@dataclass(frozen=True)
class ChangedRow:
    """A row about somebody known: what it says otherwise, and where they live if they moved."""

    row: int
    person_id: int
    changes: Facts
    dwelling: Place | None = None


@dataclass(frozen=True)
class Applied:
    """What a spreadsheet did; ``undo`` is sealed text for ``undo_rows``, to be kept as it is.

    ``kept`` names by row the facts that stayed because what we know was confirmed later.
    """

    created: Mapping[int, int]
    changed: tuple[int, ...]
    kept: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    undo: str = ""


@dataclass(frozen=True)
class Undone:
    """What was taken back, and who could not be because they were changed since."""

    removed: int
    restored: int
    left: tuple[int, ...] = ()


def settle_in_bulk(
    *, households: Iterable[NewHousehold], source: str, confirmed_on: date | None, by: User | None
) -> Settled:
    """Register whole households in dwellings that have none, in batches of a thousand."""
    raise NotImplementedError


def apply_rows(
    *,
    new: Sequence[NewRow],
    changed: Sequence[ChangedRow],
    source: str,
    confirmed_on: date,
    by: User,
    what: str = "",
) -> Applied:
    """Apply the checked rows of a spreadsheet as a whole; ``what`` is the file's name."""
    raise NotImplementedError


def undo_rows(*, undo: str, by: User) -> Undone:
    """Take back what ``apply_rows`` did, except where somebody has changed the record since."""
    raise NotImplementedError
