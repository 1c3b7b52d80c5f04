"""One row of a list, taken apart: facts, address, and what is wrong with which cell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.core.chinese.names import name_key, written_name
from linli.core.errors import Refused
from linli.core.personal_data.identity import IdentityNumber, read_identity_number
from linli.core.personal_data.lost_digits import is_scientific
from linli.core.time import Precision, with_precision
from linli.register.people.normalise import DERIVED, left_out_with, prepare
from linli.register.people.terms import IdentityKind, PersonStatus
from linli.workbench.imports.choice_cells import (
    EMPTY,
    CellError,
    Explained,
    TypedValue,
    cell_as_text,
)
from linli.workbench.imports.reading import BadCell, SheetRow, address
from linli.workbench.imports.reading.parsed_file import CellValue
from linli.workbench.imports.targets import HOUSEHOLD_NUMBER, PLACE_WORDS, STATUS, ColumnTarget
from linli.workbench.imports.values import typed

# Without these it is not known whom a row means.
TELL_WHO = ("name", "identity_number")
GONE = (PersonStatus.DIED, PersonStatus.MOVED_OUT)
NO_NAME = ("several", "nobody")
NAME_PROBLEMS = {
    "several": gettext_lazy("“%(text)s”是几个人的名字，请分成几行"),
    "nobody": gettext_lazy("“%(text)s”不是姓名"),
    "lost": gettext_lazy("姓名“%(text)s”缺字或有遮挡，请补全"),
    "kinship": gettext_lazy("“%(text)s”不是姓名，请补上本人的姓名"),
    "digits": gettext_lazy("姓名“%(text)s”里有数字，请核对"),
}
# Residence permits of Hong Kong, Macao and Taiwan people: they are no resident identity cards.
PERMITS = ("81", "82", "83")
_RESIDENT = re.compile(r"[\s'’‘]*\d[\d\s]{9,}[\dXx]?\s*")
_DIED = re.compile("故|亡|殁|去世|过世|离世|死")
_MOVED = re.compile("空挂|迁出|迁走|外迁|搬走|搬离|搬出")


@dataclass(frozen=True)
class Problem:
    """What is wrong with a row: the cell ("C5"), the column's word, what, and what to do.

    ``word`` of the fact ``key`` is one that somebody may explain once and for all.
    """

    sentence: str
    hint: str = ""
    cell: str = ""
    label: str = ""
    key: str = ""
    word: str = ""


@dataclass
class Draft:
    """A row on its way: what it says, and what becomes of it.

    ``doubted`` cells are left out; only a ``problem`` refuses the row. ``covered`` are values with
    stars. ``gone`` is the status of somebody who, the list says, died or moved, ``gone_word`` how.
    ``missing_head`` names the head above whose row is refused: the family waits for them.
    """

    number: int
    name: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    prepared: dict[str, Any] = field(default_factory=dict)
    own: dict[str, Any] = field(default_factory=dict)
    where: dict[str, str] = field(default_factory=dict)
    household: str = ""
    missing_head: str = ""
    problems: list[Problem] = field(default_factory=list)
    doubted: list[Problem] = field(default_factory=list)
    covered: dict[str, str] = field(default_factory=dict)
    gone: str = ""
    gone_word: str = ""
    place_problem: Problem | None = None
    missing: str = ""
    lost_digits: bool = False
    doubted_name: bool = False
    is_stranger: bool = False
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

    def doubt(self, sentence: str, hint: str = "", cell: str = "", label: str = "") -> None:
        """Say what was left out of this row, or should be looked at."""
        self.doubted.append(Problem(sentence, hint, cell, label))

    @property
    def doubts(self) -> list[str]:
        """What was left out, in sentences."""
        return [f"{d.label}：{d.sentence}" if d.cell else d.sentence for d in self.doubted]

    def leave_out(self, *keys: str) -> None:
        """Take nothing over of these facts."""
        for key in keys:
            self.facts.pop(key, None)
            for name in (key, *DERIVED.get(key, ())):
                self.prepared.pop(name, None)

    def told(self) -> dict[str, Any]:
        """Return what is kept of the row, to be sealed."""
        return {
            "name": self.name or self.facts.get("name", ""),
            "facts": {key: _plain(value) for key, value in self.facts.items()},
            "own": {key: _plain(value) for key, value in self.own.items()},
            "household": self.household,
            "missing_head": self.missing_head,
            "place_id": self.place_id,
            "place": self.place or " ".join(self.where.values()),
            "parent": self.parent,
            "chain": [[str(kind), name] for kind, name in self.chain],
            "moves": self.moves,
            "changes": self.changes,
            "doubts": [asdict(problem) for problem in self.doubted],
            "gone": self.gone,
            "missing": self.missing,
            "problems": [asdict(problem) for problem in self.problems],
        }


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


@dataclass(frozen=True)
class FactColumns:
    """Which column holds which fact; ``explained`` are words of a fact that were unknown once."""

    of: Mapping[str, int]
    targets: Mapping[str, ColumnTarget]
    explained: Mapping[str, Explained] = field(default_factory=dict)

    def cell(self, row: int, key: str | None) -> str:
        """Return the address of a fact's cell, "" when the fact has no column."""
        return address(row, self.of[key]) if key is not None and key in self.of else ""

    def label(self, key: str | None) -> str:
        """Return the word for a fact."""
        return self.targets[key].label if key is not None and key in self.targets else ""


def gone_in(remark: str) -> str:
    """Return the status that a remark beside a name tells of: 已故, 空挂."""
    if _DIED.search(remark):
        return PersonStatus.DIED.value
    return PersonStatus.MOVED_OUT.value if _MOVED.search(remark) else ""


def drafted(row: SheetRow, columns: FactColumns) -> Draft:
    """Take one row apart; a bad cell is left out with a doubt, and refuses only with the person."""
    draft = Draft(row.number)
    coarse: dict[str, tuple[Any, str, str]] = {}
    for key, column in columns.of.items():
        target, cell = columns.targets[key], row.cell(column)
        if target.field is None or key == STATUS:
            _take_place(draft, key, cell, columns)
            continue
        answer = typed(target.field, cell, columns.explained.get(key))
        if isinstance(answer, CellError):
            _leave_cell(draft, key, answer, columns)
        elif answer.precision != "day":
            # Until the whole row is read: the number may stand in a later column.
            coarse[key] = (answer.value, answer.precision, answer.doubt)
        else:
            _take_value(draft, key, answer, columns)
    _take_coarse(draft, coarse, columns)
    return draft


def _leave_cell(draft: Draft, key: str, error: CellError, columns: FactColumns) -> None:
    cell, label = columns.cell(draft.number, key), columns.label(key)
    problem = Problem(error.sentence, error.hint, cell, label, key, error.word)
    (draft.problems if key in TELL_WHO else draft.doubted).append(problem)


def _take_value(draft: Draft, key: str, answer: TypedValue, columns: FactColumns) -> None:
    target, cell = columns.targets[key], columns.cell(draft.number, key)
    if answer.covered:
        draft.covered[key] = answer.covered
    if answer.doubt:
        draft.doubt(answer.doubt, cell=cell, label=target.label)
    if answer.value is None:
        return
    if key == "name":
        _take_name(draft, str(answer.value), cell, target.label)
        return
    own = target.field is not None and target.field.attribute is not None
    (draft.own if own else draft.facts)[key] = answer.value
    for beside, value in answer.also.items():
        if beside not in columns.of:
            draft.facts.setdefault(beside, value)


def _take_name(draft: Draft, text: str, cell: str, label: str) -> None:
    written = written_name(text)
    draft.name = written.name or text
    is_name = written.problem not in NO_NAME and not written.name.isdigit()
    if is_name:
        draft.facts["name"] = written.name
    if written.problem:
        draft.doubted_name = True
        sentence = NAME_PROBLEMS[written.problem] % {"text": text[:20]}
        draft.doubt(sentence, cell=cell, label=label)
    gone = gone_in(written.remark)
    if gone:
        draft.gone, draft.gone_word = gone, written.remark
    elif written.remark and is_name:
        said = _("姓名旁的“%(remark)s”没有录入") % {"remark": written.remark[:20]}
        draft.doubt(said, cell=cell, label=label)


def _take_place(draft: Draft, key: str, cell: CellValue, columns: FactColumns) -> None:
    where, label = columns.cell(draft.number, key), columns.label(key)
    if isinstance(cell, BadCell):
        draft.doubt(cell.sentence, cell.hint, where, label)
        return
    if key in PLACE_WORDS and isinstance(cell, date):
        sentence = _("表格软件把%(label)s变成了日期") % {"label": label}
        draft.doubt(sentence, _("请把这一列设为文本后重填"), where, label)
        return
    text = cell_as_text(cell)
    if not text:
        return
    if key in PLACE_WORDS:
        draft.where[key] = text
    elif key == STATUS:
        _take_status(draft, text, columns)
    elif is_scientific(text):
        draft.doubt(_("表格软件把号码当作数字，后几位已丢失"), "", where, label)
    elif key == HOUSEHOLD_NUMBER:
        draft.household = text[:20]


def _take_status(draft: Draft, text: str, columns: FactColumns) -> None:
    target = columns.targets[STATUS]
    answer = typed(target.field, text, columns.explained.get(STATUS)) if target.field else EMPTY
    if isinstance(answer, CellError):
        _leave_cell(draft, STATUS, answer, columns)
    elif answer.value in GONE:
        draft.gone, draft.gone_word = str(answer.value), text[:20]


def _take_coarse(
    draft: Draft, coarse: Mapping[str, tuple[Any, str, str]], columns: FactColumns
) -> None:
    """What has no day is checked against the number; alone only a month of birth is kept."""
    for key, (value, precision, doubt) in coarse.items():
        number = draft.facts.get("identity_number")
        read = read_identity_number(number) if key == "birth_date" and number else None
        if not isinstance(read, IdentityNumber):
            if key == "birth_date" and precision == Precision.MONTH:
                draft.facts[key] = with_precision(value, precision)
                continue
            cell, label = columns.cell(draft.number, key), columns.label(key)
            draft.doubt(doubt, cell=cell, label=label)
            continue
        born = read.birth_date
        same_month = precision == "year" or born.month == value.month
        if born.year != value.year or not same_month:
            draft.doubt(_("出生年月与身份证号码不一致，以号码为准"))


def is_blank(draft: Draft) -> bool:
    """Does the row say nothing we know? (A serial number alone is nothing.)"""
    says = draft.facts or draft.own or draft.where or draft.problems or draft.household
    return not (says or draft.doubted or draft.name or draft.covered)


def prepare_person(draft: Draft, columns: FactColumns) -> None:
    """Check a person's facts as the register does; what it refuses is left out with a doubt."""
    if draft.problems:
        return
    _heed_number(draft, columns)
    while True:
        try:
            draft.prepared = prepare(draft.facts)
        except Refused as wrong:
            cell, label = columns.cell(draft.number, wrong.field), columns.label(wrong.field)
            if wrong.field in TELL_WHO or wrong.field not in draft.facts:
                cell = cell or columns.cell(draft.number, "name")
                draft.refuse(wrong.sentence, wrong.hint, cell, label)
                return
            for name in left_out_with(wrong):
                draft.facts.pop(name)
            draft.doubt(wrong.sentence, wrong.hint, cell, label)
        else:
            return


def _heed_number(draft: Draft, columns: FactColumns) -> None:
    """What a number of eighteen characters tells goes before what stands beside it."""
    facts, text = draft.facts, str(draft.facts.get("identity_number") or "")
    number = columns.cell(draft.number, "identity_number"), columns.label("identity_number")
    read = read_identity_number(text) if text else None
    if not isinstance(read, IdentityNumber):
        # A passport: which one, nobody said.
        if text and "identity_kind" not in facts and not _RESIDENT.fullmatch(text):
            facts.pop("identity_number")
            sentence = _("看不出是哪种证件，号码没有录入")
            draft.doubt(sentence, _("请加一列“证件类型”"), *number)
        return
    draft.lost_digits = "lost_digits" in read.warnings
    kind = facts.get("identity_kind")
    if kind == IdentityKind.OTHER and not read.value.startswith(PERMITS):
        # A household book bears the numbers of its people.
        facts["identity_kind"] = IdentityKind.RESIDENT.value
    elif kind == IdentityKind.OTHER:
        facts.setdefault("birth_date", read.birth_date)
        facts.setdefault("sex", str(read.sex))
    if facts.get("sex") and facts["sex"] != read.sex:
        facts["sex"] = str(read.sex)
        cell, label = columns.cell(draft.number, "sex"), columns.label("sex")
        draft.doubt(_("性别与身份证号码不一致，以号码为准"), "", cell, label)


def refuse_repeated(drafts: Sequence[Draft]) -> None:
    """Refuse a second row about the same person of the same list."""
    seen: dict[Any, int] = {}
    for draft in drafts:
        index = draft.prepared.get("identity_index")
        home = (draft.place_id, draft.parent, draft.chain)
        # Without a number, one name and birthday behind one door are one person.
        name = name_key(draft.facts.get("name", ""))
        key = index or (name, draft.prepared.get("birth_date"), home)
        if draft.problems:
            continue
        if key in seen:
            sentence = _("与第%(row)s行是同一个人") % {"row": seen[key]}
            draft.refuse(sentence, _("请删掉重复的一行"))
        else:
            seen[key] = draft.number
