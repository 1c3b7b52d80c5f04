"""From a row of a hotline's list to what it says, or to what must be put right in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from linli.capabilities.cases import rules
from linli.capabilities.cases.actions.transitions import readable
from linli.core.chinese.normalise import tidy
from linli.core.personal_data.lost_digits import is_scientific
from linli.core.personal_data.phones import Phone, read_phone
from linli.core.time import CHINA, NotADate, now, parse_moment
from linli.integrations.hotline_lists.columns import RecognisedColumns
from linli.workbench.imports.headings import SheetTable
from linli.workbench.imports.reading import BadCell, SheetRow
from linli.workbench.imports.reading.parsed_file import CellValue

LONGEST_NUMBER = 40
_WHOLE = re.compile(r"(\d+)\.0+")


@dataclass(frozen=True)
class HotlineLine:
    """One case as the list tells it; ``doubts`` say what was left out of it and why."""

    row: int
    number: str
    at: datetime
    text: str
    title: str = ""
    spot: str = ""
    name: str = ""
    phone: str = ""
    category: str = ""
    answer: str = ""
    answered_at: datetime | None = None
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trouble:
    """Why a row cannot be taken: its row and column in the file, what is wrong, what to do."""

    row: int
    column: str
    what: str
    todo: str
    cells: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """Say it in one sentence."""
        where = _("第%(row)s行“%(column)s”") % {"row": self.row, "column": self.column}
        return _("%(where)s：%(what)s。%(todo)s") % {
            "where": where,
            "what": self.what,
            "todo": self.todo,
        }


class _Unusable(Exception):
    """A cell without which the row cannot be taken."""

    def __init__(self, key: str, what: str, todo: str) -> None:
        super().__init__(what)
        self.key, self.what, self.todo = key, what, todo


def cell_text(cell: CellValue) -> str:
    """Return a cell as text; a number that Excel made of a text has no decimals."""
    if cell is None or isinstance(cell, BadCell):
        return ""
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = str(cell)
    # The mark that keeps a spreadsheet from working a text out is not part of the text.
    return text[1:] if text.startswith(("'=", "'+", "'-", "'@")) else text


def lines_of(
    table: SheetTable, columns: RecognisedColumns
) -> tuple[list[HotlineLine], list[Trouble]]:
    """Read every row: what can be taken, and what must be put right first."""
    lines, troubles = [], []
    for row in table.rows:
        try:
            lines.append(_line(row, columns))
        except _Unusable as bad:
            troubles.append(trouble_in(row, columns, bad.key, bad.what, bad.todo))
    return lines, troubles


def trouble_in(
    row: SheetRow, columns: RecognisedColumns, key: str, what: str, todo: str
) -> Trouble:
    """Say what is wrong with a row, and keep the row as it stands."""
    return Trouble(row.number, columns.named(key), what, todo, cells_of(row))


def cells_of(row: SheetRow) -> tuple[str, ...]:
    """Return a row as texts, to be kept for correction."""
    return tuple(cell.text if isinstance(cell, BadCell) else cell_text(cell) for cell in row.cells)


def _line(row: SheetRow, columns: RecognisedColumns) -> HotlineLine:
    def cell(key: str) -> CellValue:
        heading = columns.found.get(key)
        value = row.cell(heading.column) if heading else None
        if isinstance(value, BadCell):
            raise _Unusable(key, value.sentence, value.hint)
        return value

    doubts: list[str] = []
    at = _moment(cell("at"), "at")
    answer, answered_at = _answered(cell("answer"), cell("answered_at"), at)
    return HotlineLine(
        row=row.number,
        number=_number(cell("number")),
        at=at,
        text=_said(cell("text")),
        title=readable(cell_text(cell("title"))),
        spot=tidy(cell_text(cell("spot"))),
        name=tidy(cell_text(cell("name"))),
        phone=_phone(cell("phone"), columns, doubts),
        category=tidy(cell_text(cell("category"))),
        answer=answer,
        answered_at=answered_at,
        doubts=tuple(doubts),
    )


def _number(cell: CellValue) -> str:
    # Excel keeps fifteen digits of a number: of a longer one the end has become zeros.
    is_long = isinstance(cell, int | float) and abs(cell) >= 10**15
    if is_long or is_scientific(cell_text(cell)):
        raise _Unusable(
            "number",
            _("表格软件把编号当作数字，后几位已丢失"),
            _("请把这一列设为文本，重新填写编号"),
        )
    text = tidy(cell_text(cell))
    whole = _WHOLE.fullmatch(text)
    number: str = whole[1] if whole else text
    if not number:
        raise _Unusable("number", _("没有编号"), _("请填写原系统的编号：同一编号只收一次"))
    if len(number) > LONGEST_NUMBER:
        raise _Unusable(
            "number",
            _("编号有%(now)s个字，超过%(most)s个") % {"now": len(number), "most": LONGEST_NUMBER},
            _("请核对这一列是不是编号"),
        )
    return number


def _said(cell: CellValue) -> str:
    text = readable(cell_text(cell))
    if len(text) < rules.SHORTEST_REASON:
        raise _Unusable("text", _("没有内容"), _("请填写是什么事"))
    if len(text) > rules.LONGEST_OUTSIDE:
        raise _Unusable(
            "text",
            _("内容有%(now)s字，超过%(most)s字")
            % {"now": len(text), "most": rules.LONGEST_OUTSIDE},
            _("请留下要紧的话，全文可以在受理后作为附件"),
        )
    return text


def _moment(cell: CellValue, key: str) -> datetime:
    read = parse_moment(cell if isinstance(cell, datetime | int | float) else cell_text(cell))
    todo = _("请写成2026-03-01 09:30")
    if isinstance(read, NotADate):
        what = _("没有填写时间") if read.code == "empty" else read.sentence
        raise _Unusable(key, what, todo)
    if read > now():
        raise _Unusable(key, _("时间在将来"), todo)
    return read


def _answered(answer: CellValue, at: CellValue, received: datetime) -> tuple[str, Any]:
    answer_text = readable(cell_text(answer))
    if not answer_text:
        return "", None
    if len(answer_text) > rules.LONGEST_OUTSIDE:
        raise _Unusable("answer", _("答复太长"), _("请留下要紧的话"))
    moment = _moment(at, "answered_at")
    if moment.date() < received.astimezone(CHINA).date():
        raise _Unusable("answered_at", _("答复时间早于来件时间"), _("请核对这两个时间"))
    # On the same day an answer without a time would lie before the report.
    return answer_text, max(moment, received)


def _phone(cell: CellValue, columns: RecognisedColumns, doubts: list[str]) -> str:
    text = tidy(cell_text(cell))
    if not text:
        return ""
    read = read_phone(text, area_code="")
    if isinstance(read, Phone):
        return read.normal
    names = {"column": columns.named("phone"), "why": read.sentence}
    # A bad phone keeps no case out: it is left out and said.
    doubts.append(_("“%(column)s”没有录入：%(why)s") % names)
    return ""


def numbered_twice(lines: Sequence[HotlineLine]) -> dict[int, HotlineLine]:
    """Return the rows whose number stood in an earlier row, with that row."""
    first: dict[str, HotlineLine] = {}
    twice: dict[int, HotlineLine] = {}
    for line in lines:
        if line.number in first:
            twice[line.row] = first[line.number]
        else:
            first[line.number] = line
    return twice
