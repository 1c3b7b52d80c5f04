"""What questions and answers look like, for pages, the API and the command line alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from django.utils.translation import gettext as _

from linli.core.fields import Condition, Node

Asks: TypeAlias = Literal["list", "count", "spread"]
Typed: TypeAlias = int | Decimal | bool | str | date | None


@dataclass(frozen=True)
class Chip:
    """One part of an understood sentence: remove it and the rest still stands.

    ``words`` is what was typed, ``text`` the canonical Chinese, ``said`` the same in the reader's
    language, ``note`` a doubt worth showing ("有5处叫“3幢”").
    """

    words: str
    text: str
    where: Node
    note: str = ""
    said: str = ""


@dataclass(frozen=True)
class Question:
    """A sentence as it was understood; ``unknown`` holds every word that was not.

    Whether it may be counted is decided by ``acceptance.accepted``. ``text`` says what was
    understood; the condition knows the words left out as well (``unread``).
    """

    sentence: str
    condition: Condition
    text: str
    chips: tuple[Chip, ...] = ()
    unknown: tuple[str, ...] = ()
    asks: Asks = "list"
    spread_by: str = ""  # the key of a field, when asks == "spread"


@dataclass(frozen=True)
class ShownValue:
    """One value as this post may see it: ``text`` to show, ``value`` typed for a spreadsheet.

    A masked value is masked in both.
    """

    text: str
    value: Typed = None
    masked: bool = False


@dataclass(frozen=True)
class ResultLine:
    """One row of a list; ``confirmed_on`` is when the record was last confirmed."""

    id: int
    cells: tuple[ShownValue, ...]
    confirmed_on: date | None = None


@dataclass(frozen=True)
class ColumnOf:
    """One column of a list: a field as this post may see it."""

    key: str
    label: str
    kind: str
    sortable: bool = False
    masked: bool = False


@dataclass(frozen=True)
class Rows:
    """One page of a list, and how many there are in all."""

    subject: str
    columns: tuple[ColumnOf, ...]
    lines: tuple[ResultLine, ...]
    total: int
    offset: int = 0


@dataclass(frozen=True)
class NotRecorded:
    """Beside an answer to "no": how many are left out only because nothing is recorded of them.

    ``found`` is how many are recorded as the question says; ``condition`` asks for the others.
    """

    found: int
    number: int
    facts: tuple[str, ...]
    because: tuple[str, ...]
    counter: str
    says_none: bool
    condition: Condition

    @property
    def text(self) -> str:
        """Say both numbers apart."""
        told = {"found": self.found, "number": self.number, "counter": self.counter}
        told["facts"] = "、".join(self.facts)
        if self.says_none:
            return (
                _(
                    "有记录：没有 %(found)d %(counter)s；"
                    "没有记录 %(number)d %(counter)s（%(facts)s），没有算在内"
                )
                % told
            )
        return (
            _(
                "有记录 %(found)d %(counter)s；"
                "没有记录 %(number)d %(counter)s（%(facts)s），没有算在内"
            )
            % told
        )

    @property
    def why(self) -> str:
        """Say why those of whom nothing is recorded are not counted as "no"."""
        return "；".join(self.because)


@dataclass(frozen=True)
class CrossTab:
    """Two facts against each other; the last label of each side may be 未填.

    ``counts[r][c]``; ``row_wheres`` and ``column_wheres`` narrow the condition to one row or
    column, for a link from a figure to its list. ``as_of`` is when the snapshot was made.
    """

    row_label: str
    column_label: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    row_wheres: tuple[Node, ...]
    column_wheres: tuple[Node, ...]
    total: int
    as_of: str = ""


@dataclass(frozen=True)
class OfferedOp:
    """One thing that may be asked of a field, in words."""

    op: str
    label: str


@dataclass(frozen=True)
class OfferedField:
    """A field that this post may ask for: what a form needs to offer it."""

    key: str
    label: str
    kind: str
    ops: tuple[OfferedOp, ...]
    choices: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    group: str = ""
    masked: bool = False
    sortable: bool = False
    own: bool = False  # added by an office
    spread: bool = False  # may stand in a cross-tab
    synonyms: tuple[str, ...] = field(default=())
