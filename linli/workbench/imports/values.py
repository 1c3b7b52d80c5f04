"""From what stands in a cell to a value of a fact, or to why it is none."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from linli.core.chinese.normalise import for_matching, tidy
from linli.core.chinese.numerals import to_number
from linli.core.fields import Field, Kind
from linli.core.personal_data.lost_digits import is_scientific
from linli.core.personal_data.phones import Phone, PhoneKind, read_phone, read_phones
from linli.core.time import NotADate, Precision, parse_date
from linli.register.people.written_words import WRITTEN
from linli.workbench.imports.choice_cells import (
    EMPTY,
    NOTHING,
    Answer,
    CellError,
    Explained,
    TypedValue,
    cell_as_text,
    choice_of,
    flag,
    word_of,
)
from linli.workbench.imports.reading import BadCell
from linli.workbench.imports.reading.parsed_file import CellValue

__all__ = ["CellError", "TypedValue", "cell_as_text", "typed"]

LARGEST_WHOLE = 10**15
STAR = "*"
# What a list may write beside the person's own number; beside anything else it is not theirs.
_NEUTRAL = re.compile(
    r"本人|(?:同)?微信(?:同号)?|手机|电话|常用|备用|[:：()（）\[\]【】、,，;；.。\s]+"
)
_DEAD = re.compile(r"空号|停机|关机|打不通|无人接|没人接|号码错|错号|假号|号码不对|销号|注销")
_ONE_MOBILE = re.compile(r"(?<!\d)1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")
# Excel's first days, and the days of June 1905 as which it shows a year typed as a number.
_DEFAULT_DAYS = ((date(1899, 12, 30), date(1900, 1, 1)), (date(1905, 3, 14), date(1905, 7, 22)))
_UNIT = re.compile(
    r"(?:平方米|平米|平方|平|㎡|m2|m²|m\^2|层楼|层|楼|年|台|部|人|户|约|左右|\s)+", re.I
)


def typed(field: Field, cell: CellValue, explained: Explained | None = None) -> Answer:
    """Read a cell as a value of ``field``; ``explained`` are words that were unknown once."""
    if isinstance(cell, BadCell):
        return CellError(cell.sentence, cell.hint)
    if cell is None or (isinstance(cell, str) and not tidy(cell)):
        return EMPTY
    means = (explained or {}).get(word_of(cell))
    if means is not None:
        return _explained(field, means)
    # Before the empty words: in a column of yes and no, 无 is an answer.
    if field.kind is Kind.FLAG:
        return flag(field, cell)
    if isinstance(cell, str) and for_matching(cell) in NOTHING:
        named = WRITTEN.get(field.key, {}).get(for_matching(cell))
        return TypedValue(named[0]) if named else EMPTY
    if isinstance(cell, str) and field.mask and _is_covered(cell):
        doubt = _("“%(label)s”遮住了一部分，没有录入") % {"label": _(field.label)}
        return TypedValue(None, doubt, covered=cell_as_text(cell))
    readers = {Kind.DATE: _date, Kind.CHOICE: choice_of, Kind.NUMBER: _number}
    return readers.get(field.kind, _text)(field, cell)


def _explained(field: Field, means: str) -> Answer:
    if not means:
        return EMPTY
    return TypedValue(means == "1") if field.kind is Kind.FLAG else TypedValue(means)


def _is_covered(text: str) -> bool:
    return text.replace("＊", STAR).count(STAR) >= 2


def _date(field: Field, cell: CellValue) -> Answer:
    answer = parse_date(cell)
    if isinstance(answer, NotADate):
        return EMPTY if answer.code == "empty" else CellError(answer.sentence, _("例如1950-03-01"))
    if answer.precision is not Precision.DAY:
        # A day that nobody said is not made up; what a number tells may complete it later.
        names = {"label": _(field.label), "text": cell_as_text(cell)[:20]}
        doubt = _("“%(label)s”写的是%(text)s，没有写到日，未导入") % names
        return TypedValue(answer.value, doubt, str(answer.precision))
    if field.key == "birth_date" and any(a <= answer.value <= b for a, b in _DEFAULT_DAYS):
        names = {"day": answer.value.isoformat()}
        return CellError(
            _("%(day)s像是表格软件的默认日期，不是真的出生日期") % names, _("请核对后补填")
        )
    return TypedValue(answer.value)


def _number(field: Field, cell: CellValue) -> Answer:
    number: Any = cell
    if not isinstance(cell, int | float) or isinstance(cell, bool):
        number = to_number(cell_as_text(cell))
        if number is None:
            number = to_number(_UNIT.sub("", cell_as_text(cell)))
    if number is None:
        unread = {"label": _(field.label), "text": cell_as_text(cell)[:30]}
        return CellError(_("“%(label)s”看不懂“%(text)s”") % unread, _("请只填数字"))
    low, high = field.lowest, field.highest
    if (low is not None and number < low) or (high is not None and number > high):
        names = {"label": _(field.label), "number": number, "low": low, "high": high}
        return CellError(_("“%(label)s”%(number)s不在%(low)s到%(high)s之间") % names)
    if field.decimals:
        return TypedValue(round(Decimal(str(number)), field.decimals))
    if number != int(number):
        return CellError(_("“%(label)s”应为整数") % {"label": _(field.label)})
    return TypedValue(int(number))


def _text(field: Field, cell: CellValue) -> Answer:
    text = cell_as_text(cell)
    is_long = isinstance(cell, int | float) and abs(cell) >= LARGEST_WHOLE
    if is_long or is_scientific(text):
        return CellError(
            _("表格软件把号码当作数字，后几位已丢失"), _("请把这一列设为文本，重新填写号码")
        )
    if field.key == "phone":
        return _phone(text)
    if field.key == "name":
        # In Chinese a space only aligns the names of a list; Latin names need theirs.
        if isinstance(cell, str) and "\n" in cell.strip():
            return TypedValue(cell.strip())
        return TypedValue(text if text.isascii() else text.replace(" ", ""))
    return TypedValue(text)


def _phone(text: str) -> Answer:
    dead = _DEAD.search(text)
    if dead:
        return TypedValue(None, _("电话写着“%(text)s”，没有录入") % {"text": dead[0]})
    read = read_phone(text)
    if isinstance(read, Phone):
        return TypedValue(read.normal)
    several = read_phones(text)
    if several:
        first = next((one for one in several if one.kind is PhoneKind.MOBILE), several[0])
        more = len(several) > 1
        return TypedValue(first.normal, _("一格里有几个电话，只取了一个") if more else "")
    within = _ONE_MOBILE.findall(text)
    if len(within) == 1:
        beside = _NEUTRAL.sub("", text.replace(within[0], ""))
        number = read_phone(within[0])
        if not beside and isinstance(number, Phone):
            return TypedValue(number.normal)
        names = {"beside": beside[:12]}
        return CellError(_("电话旁写着“%(beside)s”，可能不是本人的号码") % names)
    return CellError(read.sentence, _("手机写11位数字；固定电话带上区号"), _word_of_phone(text))


def _word_of_phone(text: str) -> str:
    """Words instead of a number may be explained once; numbers are nobody's word."""
    return "" if any(c.isdigit() for c in text) else word_of(text)
