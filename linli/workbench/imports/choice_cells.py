"""Reading a cell as one of the choices of a fact, or as yes or no, as lists write them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _

from linli.core.chinese.normalise import for_matching, tidy
from linli.core.fields import Field
from linli.register.people.written_words import WRITTEN
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
MOST_CHOICES_NAMED = 8
LONGEST_WORD = 40
# Forms number their choices: 1.男 2.女.
_NUMBERED = re.compile(r"^\s*(?:\d{1,2}|[A-Za-z])[.、．:：)）]\s*(?=\D)")
_LEVEL: dict[str, str] = {
    **dict.fromkeys(("1", "一", "壹", "i"), "1"),
    **dict.fromkeys(("2", "二", "贰", "ii"), "2"),
    **dict.fromkeys(("3", "三", "叁", "iii"), "3"),
    **dict.fromkeys(("4", "四", "肆", "iv"), "4"),
}
_LEVEL_WORDS = re.compile("残疾(?:人|证)?|等级|级别|级|肢体|视力|听力|言语|语言|智力|精神|多重")
_NOT_SAID = re.compile("[无没否非未]|疑似|待查|可能|[?？]")
_ILLNESSES = re.compile(r"[、，,;；/和及与+\s]+")
_BRACKETS = re.compile(r"[（(【\[].*?[）)】\]]")


@dataclass(frozen=True)
class TypedValue:
    """A value, or None for an empty cell; ``doubt`` says what was left out and why.

    ``covered`` is a value with stars, which says nothing new. ``also`` is what else the cell tells.
    """

    value: Any
    doubt: str = ""
    precision: str = "day"
    covered: str = ""
    also: Mapping[str, Any] = dataclass_field(default_factory=dict)


@dataclass(frozen=True)
class CellError:
    """Why a cell cannot be taken: what, and what to do; ``word``: one that somebody may explain."""

    sentence: str
    hint: str = ""
    word: str = ""


# What words of a fact's cells mean, as this subdistrict explained them: "" is no value.
Explained = Mapping[str, str]
Answer = TypedValue | CellError
EMPTY = TypedValue(None)


def cell_as_text(cell: CellValue) -> str:
    """Return a cell as text, for addresses, names and numbers; whole numbers without ".0"."""
    if cell is None or isinstance(cell, BadCell):
        return ""
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    if isinstance(cell, bool):
        return _("是") if cell else _("否")
    return tidy(str(cell))


def word_of(cell: CellValue) -> str:
    """Return the spelling by which the words of a column are told apart and remembered."""
    return for_matching(cell_as_text(cell)).replace(" ", "")[:LONGEST_WORD]


def choice_of(field: Field, cell: CellValue) -> Answer:
    """Read one of the choices of a fact."""
    text = cell_as_text(cell)
    several = _spellings(text)
    for choice in field.choices:
        names = (choice.value, choice.label, *choice.words)
        if any(for_matching(name) in several for name in names):
            return TypedValue(choice.value)
    means = next((m for m in (_means(field, word) for word in several) if m is not None), None)
    if means is not None:
        return TypedValue(means[0]) if len(means) == 1 else _unclear(field, text, means)
    special = {"disability_level": _level, "chronic_illness": _illness}.get(field.key)
    answer = special(field, text) if special else None
    return answer or _unknown(field, text)


def _spellings(text: str) -> dict[str, None]:
    """Return what may stand for the word: without number, remark and spaces."""
    plain = _NUMBERED.sub("", text)
    ways = (text, plain, _BRACKETS.sub("", plain))
    return dict.fromkeys(for_matching(way).replace(" ", "") for way in ways if way.strip())


def _means(field: Field, word: str) -> tuple[str, ...] | None:
    """Return the values a word stands for in lists: several when it does not tell which."""
    named = WRITTEN.get(field.key, {}).get(word)
    return named if named is not None else (field.words or {}).get(word)


def _unclear(field: Field, text: str, means: Sequence[str]) -> CellError:
    """Say which values a word may stand for; what is not told is not guessed."""
    labels = [choice.label for choice in field.choices if choice.value in means]
    sentence = _("“%(label)s”的“%(text)s”说不清是哪一种") % {
        "label": field.label,
        "text": text[:30],
    }
    hint = _("可能是：%(choices)s") % {"choices": "、".join(labels)} if labels else ""
    return CellError(sentence, hint, word_of(text))


def _unknown(field: Field, text: str) -> CellError:
    named = "、".join(choice.label for choice in field.choices[:MOST_CHOICES_NAMED])
    more = "…" if len(field.choices) > MOST_CHOICES_NAMED else ""
    sentence = _("“%(label)s”没有“%(text)s”这个选项") % {"label": field.label, "text": text[:30]}
    return CellError(sentence, _("可以填：%(choices)s") % {"choices": named + more}, word_of(text))


def _level(_field: Field, text: str) -> Answer | None:
    """Read a degree of disability; 肢体二级 tells the kind too."""
    plain = for_matching(text).replace(" ", "")
    level = _LEVEL.get(_LEVEL_WORDS.sub("", plain))
    if level is None:
        return None
    kinds = {word: value for word, value in WRITTEN["disability_kind"].items() if word in plain}
    found = {value[0] for value in kinds.values() if len(value) == 1}
    return TypedValue(level, also={"disability_kind": found.pop()} if len(found) == 1 else {})


def _illness(field: Field, text: str) -> Answer | None:
    """Read an illness named within other words; of several the first is taken, the rest told."""
    parts = [part for part in _ILLNESSES.split(text) if part]
    if any(_NOT_SAID.search(part) for part in parts):
        return None
    found = [(part, _illness_in(field, for_matching(part))) for part in parts]
    known = [(part, value) for part, value in found if value]
    if not known:
        return None
    kept, value = known[0]
    left = [part for part, other in found if other != value]
    doubt = _("慢性病只记一种：%(kept)s；没有录入：%(left)s") % {
        "kept": kept[:20],
        "left": "、".join(left)[:60],
    }
    return TypedValue(value, doubt if left else "")


def _illness_in(field: Field, text: str) -> str:
    words: dict[str, str] = {
        for_matching(w): c.value for c in field.choices for w in (c.label, *c.words)
    }
    words |= {word: value[0] for word, value in WRITTEN["chronic_illness"].items()}
    within = [word for word in words if word in text]
    return words[max(within, key=len)] if within else ""


def flag(field: Field, cell: CellValue) -> Answer:
    """Read yes or no."""
    if isinstance(cell, bool):
        return TypedValue(cell)
    text = word_of(cell)
    named = WRITTEN.get(field.key, {}).get(text)
    if named:
        return TypedValue(named == ("1",), _beside(field, text, named))
    if text in YES or text in map(for_matching, field.words_for()):
        return TypedValue(True)
    if text in NO or (field.negative and text == for_matching(field.negative)):
        return TypedValue(False)
    if text in NOTHING:
        return EMPTY
    names = {"label": field.label, "text": cell_as_text(cell)[:30]}
    # Known and yet no answer: 军属 is somebody's family.
    unclear = _("“%(label)s”的“%(text)s”说不清是不是") % names
    sentence = _("“%(label)s”看不懂“%(text)s”") % names if named is None else unclear
    return CellError(sentence, _("请填：是、否"), text)


def _beside(field: Field, text: str, named: tuple[str, ...]) -> str:
    """Say what a word tells beside no: 低保边缘 is not 低保, yet not nothing."""
    if named == ("1",) or text.startswith(("非", "未", "退保")):
        return ""
    names = {"label": field.label, "text": text[:30]}
    return _("“%(label)s”写的是“%(text)s”，按“否”录入") % names
