"""One row of a list, taken apart: facts, address, and what is wrong with which cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from linli.core.errors import Refused
from linli.core.personal_data.identity import IdentityNumber, read_identity_number
from linli.register.people.normalise import prepare
from linli.workbench.imports.reading import SheetRow, address
from linli.workbench.imports.targets import HOUSEHOLD_NUMBER, PLACE_WORDS, ColumnTarget
from linli.workbench.imports.values import CellError, cell_as_text, typed


@dataclass(frozen=True)
class Problem:
    """What is wrong with a row: the cell ("C5"), the column's word, what, and what to do."""

    sentence: str
    hint: str = ""
    cell: str = ""
    label: str = ""


@dataclass
class Draft:
    """A row on its way: what it says, and what becomes of it."""

    number: int
    facts: dict[str, Any] = field(default_factory=dict)
    prepared: dict[str, Any] = field(default_factory=dict)
    own: dict[str, Any] = field(default_factory=dict)
    where: dict[str, str] = field(default_factory=dict)
    household: str = ""
    problems: list[Problem] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    fate: str = ""
    subject_id: int | None = None
    place_id: int | None = None
    place: str = ""
    parent: int | None = None
    chain: tuple[tuple[str, str], ...] = ()
    moves: bool = False
    changes: list[dict[str, Any]] = field(default_factory=list)

    def refuse(self, sentence: str, hint: str = "", cell: str = "", label: str = "") -> None:
        """Keep one reason why this row cannot be imported."""
        self.problems.append(Problem(sentence, hint, cell, label))

    def told(self) -> dict[str, Any]:
        """Return what is kept of the row, to be sealed."""
        return {
            "name": self.facts.get("name", ""),
            "facts": {key: _plain(value) for key, value in self.facts.items()},
            "own": {key: _plain(value) for key, value in self.own.items()},
            "household": self.household,
            "place_id": self.place_id,
            "place": self.place or " ".join(self.where.values()),
            "parent": self.parent,
            "chain": [[str(kind), name] for kind, name in self.chain],
            "moves": self.moves,
            "changes": self.changes,
            "doubts": self.doubts,
            "problems": [asdict(problem) for problem in self.problems],
        }


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


@dataclass(frozen=True)
class FactColumns:
    """Which column holds which fact."""

    of: Mapping[str, int]
    targets: Mapping[str, ColumnTarget]

    def cell(self, row: int, key: str | None) -> str:
        """Return the address of a fact's cell, "" when the fact has no column."""
        return address(row, self.of[key]) if key is not None and key in self.of else ""

    def label(self, key: str | None) -> str:
        """Return the word for a fact."""
        return self.targets[key].label if key is not None and key in self.targets else ""


def drafted(row: SheetRow, columns: FactColumns) -> Draft:
    """Take one row apart; every bad cell is one problem."""
    draft = Draft(row.number)
    coarse: dict[str, tuple[Any, str, str]] = {}
    for key, column in columns.of.items():
        target, cell = columns.targets[key], row.cell(column)
        if target.field is None:
            _take_place(draft, key, cell_as_text(cell))
            continue
        answer = typed(target.field, cell)
        if isinstance(answer, CellError):
            where = address(row.number, column)
            draft.refuse(answer.sentence, answer.hint, where, target.label)
        elif answer.precision != "day":
            # Until the whole row is read: the number may stand in a later column.
            coarse[key] = (answer.value, answer.precision, answer.doubt)
        elif answer.value is not None:
            own = target.field.attribute is not None
            (draft.own if own else draft.facts)[key] = answer.value
            if answer.doubt:
                draft.doubts.append(answer.doubt)
    _take_coarse(draft, coarse)
    return draft


def _take_place(draft: Draft, key: str, text: str) -> None:
    if not text:
        return
    if key in PLACE_WORDS:
        draft.where[key] = text
    elif key == HOUSEHOLD_NUMBER:
        draft.household = text[:20]


def _take_coarse(draft: Draft, coarse: Mapping[str, tuple[Any, str, str]]) -> None:
    """A year and month are checked against what the number says; alone they are left out."""
    for key, (value, precision, doubt) in coarse.items():
        number = draft.facts.get("identity_number")
        read = read_identity_number(number) if key == "birth_date" and number else None
        if not isinstance(read, IdentityNumber):
            draft.doubts.append(doubt)
            continue
        born = read.birth_date
        same_month = precision == "year" or born.month == value.month
        if born.year != value.year or not same_month:
            draft.doubts.append(_("出生年月与身份证号码不一致，以号码为准"))


def is_blank(draft: Draft) -> bool:
    """Does the row say nothing we know? (A serial number alone is nothing.)"""
    return not (draft.facts or draft.own or draft.where or draft.problems or draft.household)


def prepare_person(draft: Draft, columns: FactColumns) -> None:
    """Check a person's facts as the register does, and name the cell of what is refused."""
    if draft.problems:
        return
    try:
        draft.prepared = prepare(draft.facts)
    except Refused as wrong:
        cell = columns.cell(draft.number, wrong.field) or columns.cell(draft.number, "name")
        draft.refuse(wrong.sentence, wrong.hint, cell, columns.label(wrong.field))


def refuse_repeated(drafts: Sequence[Draft]) -> None:
    """Refuse a second row about the same person of the same list."""
    seen: dict[Any, int] = {}
    for draft in drafts:
        index = draft.prepared.get("identity_index")
        home = (draft.place_id, draft.parent, draft.chain)
        # Without a number, one name and birthday behind one door are one person.
        key = index or (draft.facts.get("name"), draft.prepared.get("birth_date"), home)
        if draft.problems:
            continue
        if key in seen:
            sentence = _("与第%(row)s行是同一个人") % {"row": seen[key]}
            draft.refuse(sentence, _("请删掉重复的一行"))
        else:
            seen[key] = draft.number
