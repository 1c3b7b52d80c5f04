"""From what stands in a cell to a value of a fact, or to why it is none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from linli.core.chinese.normalise import for_matching, tidy
from linli.core.chinese.numerals import to_number
from linli.core.fields import Field, Kind
from linli.core.personal_data.phones import Phone, PhoneKind, read_phone, read_phones
from linli.core.time import NotADate, Precision, parse_date
from linli.workbench.imports.reading import BadCell
from linli.workbench.imports.reading.parsed_file import CellValue

NOTHING = frozenset(
    {
        "",
        "-",
        "--",
        "—",
        "——",
        "/",
        "\\",
        "无",
        "不详",
        "未知",
        "空",
        "null",
        "none",
        "nan",
        "n/a",
        "暂无",
        "没有填",
        "待补",
    }
)
YES = frozenset({"是", "有", "√", "✓", "✔", "y", "yes", "1", "true", "t", "对", "○", "●", "已"})
NO = frozenset(
    {"否", "无", "没有", "×", "✗", "x", "n", "no", "0", "false", "f", "不是", "未", "没", "不"}
)
# What lists write for a choice and nobody says in a sentence.
SHORT: dict[str, dict[str, str]] = {
    "sex": {"m": "1", "f": "2", "male": "1", "female": "2", "先生": "1", "女士": "2"},
    "relation_to_head": {
        "本人": "0",
        "户主本人": "0",
        "妻": "1",
        "夫": "1",
        "长子": "2",
        "次子": "2",
        "子": "2",
        "女": "2",
        "长女": "2",
        "次女": "2",
        "父": "5",
        "母": "5",
        "儿媳": "9",
        "女婿": "9",
        "媳妇": "9",
        "外孙": "4",
        "外孙女": "4",
    },
    "education": {
        "大专": "college",
        "本科": "bachelor",
        "高中": "senior",
        "初中": "junior",
        "中专": "vocational",
    },
    "political_status": {"党员": "01", "中共党员": "01", "群众": "13", "团员": "03"},
    "tenure": {"自有": "owner", "租赁": "tenant", "承租": "tenant"},
}
MOST_CHOICES_NAMED = 8
LARGEST_WHOLE = 10**15
# Forms number their choices: 1.男 2.女.
_NUMBERED = re.compile(r"^\s*(?:\d{1,2}|[A-Za-z])[.、．:：)）]\s*(?=\D)")
_UNIT = re.compile(
    r"(?:平方米|平米|平方|平|㎡|m2|m²|m\^2|层楼|层|楼|年|台|部|人|户|约|左右|\s)+", re.I
)


@dataclass(frozen=True)
class TypedValue:
    """A value, or None for an empty cell; ``doubt`` says what was left out and why."""

    value: Any
    doubt: str = ""
    precision: str = "day"


@dataclass(frozen=True)
class CellError:
    """Why a cell cannot be taken: what, and what to do."""

    sentence: str
    hint: str = ""


Answer = TypedValue | CellError
EMPTY = TypedValue(None)


def typed(field: Field, cell: CellValue) -> Answer:
    """Read a cell as a value of ``field``."""
    if isinstance(cell, BadCell):
        return CellError(cell.sentence, cell.hint)
    if cell is None or (isinstance(cell, str) and not tidy(cell)):
        return EMPTY
    # Before the empty words: in a column of yes and no, 无 is an answer.
    if field.kind is Kind.FLAG:
        return _flag(field, cell)
    if isinstance(cell, str) and for_matching(cell) in NOTHING:
        return EMPTY
    readers = {Kind.DATE: _date, Kind.CHOICE: _choice, Kind.NUMBER: _number}
    return readers.get(field.kind, _text)(field, cell)


def cell_as_text(cell: CellValue) -> str:
    """Return a cell as text, for addresses, names and numbers; whole numbers without ".0"."""
    if cell is None or isinstance(cell, BadCell):
        return ""
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    if isinstance(cell, bool):
        return _("是") if cell else _("否")
    return tidy(str(cell))


def _date(field: Field, cell: CellValue) -> Answer:
    answer = parse_date(cell)
    if isinstance(answer, NotADate):
        return EMPTY if answer.code == "empty" else CellError(answer.sentence, _("例如1950-03-01"))
    if answer.precision is not Precision.DAY:
        # A day that nobody said is not made up; what a number tells may complete it later.
        doubt = _("“%(label)s”没有写到日，未导入") % {"label": field.label}
        return TypedValue(answer.value, doubt, str(answer.precision))
    return TypedValue(answer.value)


def _choice(field: Field, cell: CellValue) -> Answer:
    text = cell_as_text(cell)
    wanted = {for_matching(text).replace(" ", ""), for_matching(_NUMBERED.sub("", text))}
    for choice in field.choices:
        names = (choice.value, choice.label, *choice.words)
        if any(for_matching(name) in wanted for name in names):
            return TypedValue(choice.value)
    short = SHORT.get(field.key, {})
    for word in wanted:
        if word in short and field.choice(short[word]):
            return TypedValue(short[word])
        # Lists write 汉 for 汉族.
        if field.key == "ethnicity" and field.choice(f"{text}族"):
            return TypedValue(f"{text}族")
    named = "、".join(choice.label for choice in field.choices[:MOST_CHOICES_NAMED])
    more = "…" if len(field.choices) > MOST_CHOICES_NAMED else ""
    sentence = _("“%(label)s”没有“%(text)s”这个选项") % {"label": field.label, "text": text[:30]}
    return CellError(sentence, _("可以填：%(choices)s") % {"choices": named + more})


def _flag(field: Field, cell: CellValue) -> Answer:
    if isinstance(cell, bool):
        return TypedValue(cell)
    text = for_matching(cell_as_text(cell))
    if text in YES or text in map(for_matching, field.words_for()):
        return TypedValue(True)
    if text in NO or (field.negative and text == for_matching(field.negative)):
        return TypedValue(False)
    if text in NOTHING:
        return EMPTY
    sentence = _("“%(label)s”看不懂“%(text)s”") % {"label": field.label, "text": text[:30]}
    return CellError(sentence, _("请填：是、否"))


def _number(field: Field, cell: CellValue) -> Answer:
    number: Any = cell
    if not isinstance(cell, int | float) or isinstance(cell, bool):
        number = to_number(cell_as_text(cell))
        if number is None:
            number = to_number(_UNIT.sub("", cell_as_text(cell)))
    if number is None:
        sentence = _("“%(label)s”看不懂“%(text)s”") % {
            "label": field.label,
            "text": cell_as_text(cell)[:30],
        }
        return CellError(sentence, _("请只填数字"))
    low, high = field.lowest, field.highest
    if (low is not None and number < low) or (high is not None and number > high):
        names = {"label": field.label, "number": number, "low": low, "high": high}
        return CellError(_("“%(label)s”%(number)s不在%(low)s到%(high)s之间") % names)
    if field.decimals:
        return TypedValue(round(Decimal(str(number)), field.decimals))
    if number != int(number):
        return CellError(_("“%(label)s”应为整数") % {"label": field.label})
    return TypedValue(int(number))


def _text(field: Field, cell: CellValue) -> Answer:
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= LARGEST_WHOLE:
        return CellError(
            _("表格软件把号码当作数字，后几位已丢失"), _("请把这一列设为文本，重新填写号码")
        )
    if field.key == "phone":
        return _phone(cell_as_text(cell))
    if field.key == "name":
        return TypedValue(
            # In Chinese a space only aligns the names of a list; Latin names need theirs.
            cell_as_text(cell).replace(" ", "")
            if not cell_as_text(cell).isascii()
            else cell_as_text(cell)
        )
    return TypedValue(cell_as_text(cell))


def _phone(text: str) -> Answer:
    read = read_phone(text)
    if isinstance(read, Phone):
        return TypedValue(read.normal)
    several = read_phones(text)
    if several:
        first = next((one for one in several if one.kind is PhoneKind.MOBILE), several[0])
        return TypedValue(first.normal, _("一格里有几个电话，只取了一个"))
    return CellError(read.sentence, _("手机写11位数字；固定电话带上区号"))
