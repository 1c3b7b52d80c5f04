"""What a sentence is cut into before it is put together."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from linli.core.fields import Node, Op

Number: TypeAlias = int | Decimal


@dataclass(frozen=True)
class PlaceRef:
    """A place that a name may mean."""

    path: str
    level: str


@dataclass(frozen=True)
class Meaning:
    """What a word says about one subject: ``where`` holds.

    ``soft`` meanings give way to a number about the same field ("老人" after "90岁以上"). ``key``
    is the field; ``only_after`` means only right after the field's own name.
    """

    subject: str
    key: str
    where: Node
    soft: bool = False
    only_after: bool = False


@dataclass(frozen=True)
class Piece:
    """A stretch of the sentence with what it may be; which it is depends on its neighbours."""

    words: str
    start: int
    end: int


@dataclass(frozen=True)
class Facts(Piece):
    """A flag or choice, by subject; ``head`` is the subject the word is a noun of."""

    meanings: tuple[Meaning, ...] = ()
    head: str = ""


@dataclass(frozen=True)
class Where(Piece):
    """A place, or several of the same name."""

    places: tuple[PlaceRef, ...] = ()


@dataclass(frozen=True)
class FieldName(Piece):
    """The name of a field, by subject: (subject, key)."""

    names: tuple[tuple[str, str], ...] = ()
    head: str = ""
    numeric: bool = False


@dataclass(frozen=True)
class Verb(Piece):
    """A verb that stands for a date field: 出生, 入住, 联系过."""

    names: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Amount(Piece):
    """A compared number; ``key`` when its unit told the field."""

    op: Op = Op.EQ
    value: Number | tuple[Number, Number] = 0
    unit: str = ""
    counts: bool = False  # 两个, 三位: may be how many people, not a fact of one


@dataclass(frozen=True)
class Day(Piece):
    """A stretch of time with a beginning and an end: 2000年以后."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Span(Piece):
    """A number of days from today: "past" (近30天), "ahead" (未来30天) or "" (30天内).

    ``over`` says that the span was exceeded: "30天以上没联系".
    """

    days: int = 0
    direction: str = ""
    over: bool = False


@dataclass(frozen=True)
class Mark(Piece):
    """A word that joins, reverses, asks or names the subject.

    ``kind``: "not", "only", "outside", "or", "and", "list", "have", "of", "filler", "subject",
    "count", "names", "spread", "each"; ``of`` is a subject.
    """

    kind: str = ""
    of: str = ""


@dataclass(frozen=True)
class Unknown(Piece):
    """Words that mean nothing here; they are shown, never dropped."""


@dataclass
class Cut:
    """A sentence in pieces."""

    text: str
    pieces: list[Piece] = field(default_factory=list)
