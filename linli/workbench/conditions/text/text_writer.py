"""Canonical Chinese: every condition has one text, and the text reads back to the same condition.

    「社区＝殷家社区 且 年龄≥90岁 且 独居」

Grammar (spaces around 且 and 或 belong to it; 且 binds tighter than 或):

    condition  = any [ unread ] | unread
    unread     = "（只按看懂的算，没看懂：" 词 { "、" 词 } "）"
    any        = all { " 或 " all }
    all        = unit { " 且 " unit }
    unit       = "全部" | "（" any "）" | "非（" any "）" | has | comparison
    has        = 关系 "中有（" any "）" | 关系 "中至少" 数 单位 "有（" any "）"
    comparison = 标志 | 标志 "＝否" | 标志的反面 | "非" 标志
               | 字段 "已填" | 字段 "未填"
               | 字段 ("＝"|"≠"|"＞"|"≥"|"＜"|"≤") 值
               | 字段 "在" 值 "～" 值
               | 字段 ("属于"|"不属于") 值 { "、" 值 }
               | 字段 ("含"|"不含") 值
               | 字段 ("在近"|"不在近"|"在未来"|"不在未来") 数 "天内"
    值         = 数 [单位] | 年-月-日 | 选项 | 地名 | "“" 文字 "”"

The reverse of a comparison (≠, 未填, 不属于, 非…) also holds where the fact is missing. Within
quotes “ ” and \\ are written with \\ before them. A place is written by its name when the name
alone leads back to it, else as “名称”〔路径〕.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from linli.core.fields import (
    EVERYONE,
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Dictionary,
    Field,
    Has,
    Kind,
    Node,
    Not,
    Op,
)

SIGNS: dict[Op, str] = {Op.EQ: "＝", Op.LT: "＜", Op.LE: "≤", Op.GT: "＞", Op.GE: "≥"}
AND, OR, EVERYBODY = " 且 ", " 或 ", "全部"
UNREAD = "（只按看懂的算，没看懂："
SPECIAL = set("＝≠＞≥＜≤～、（）“”〔〕\\ \t\n")


class PlaceNames(Protocol):
    """Names of places, both ways; the database's are in places.py, tests bring their own."""

    def name_of(self, path: str) -> str:
        """Return what a place is called, "" if there is none here."""

    def path_of(self, level: str, name: str) -> str:
        """Return the path of the only place of a level with that name, else ""."""


class NamesFrom:
    """Place names from a plain mapping of path to (level, name)."""

    def __init__(self, places: Mapping[str, tuple[str, str]]) -> None:
        self._places = places

    def name_of(self, path: str) -> str:
        """Return what a place is called."""
        return self._places.get(path, ("", ""))[1]

    def path_of(self, level: str, name: str) -> str:
        """Return the path of the only place of a level with that name."""
        found = [path for path, said in self._places.items() if said == (level, name)]
        return found[0] if len(found) == 1 else ""


def text_of(condition: Condition, dictionary: Dictionary, places: PlaceNames) -> str:
    """Say a condition in canonical Chinese."""
    if condition.unread and condition.where == EVERYONE:
        return unread_text(condition.unread)
    text = _Writer(dictionary, places).node(condition.where, condition.subject)
    return text + unread_text(condition.unread)


def unread_text(words: Sequence[str]) -> str:
    """Say which words of a sentence were left out; nothing when there are none."""
    return f"{UNREAD}{'、'.join(map(_bare, words))}）" if words else ""


def quoted(text: str) -> str:
    """Put a text in quotes so that anything may stand in it."""
    # Backslashes first, or those put before the quotes would be doubled as well.
    inner = text.replace("\\", "\\\\").replace("“", "\\“").replace("”", "\\”")
    return f"“{inner}”"


def negative_of(field: Field) -> str:
    """Return how "not" of a flag is said."""
    return field.negative or f"非{field.label}"


class _Writer:
    def __init__(self, dictionary: Dictionary, places: PlaceNames) -> None:
        self.dictionary, self.places = dictionary, places

    def node(self, node: Node, subject: str) -> str:
        match node:
            case AllOf(parts):
                if not parts:
                    return EVERYBODY
                # 且 binds tighter than 或: only a 或 inside needs brackets.
                return AND.join(self._inside(part, subject, AnyOf) for part in parts)
            case AnyOf(parts):
                return OR.join(self._inside(part, subject, ()) for part in parts)
            case Not(Compare(key, op, value)):
                return self._reverse(self.dictionary.field(subject, key), op, value)
            case Not(part):
                return f"非（{self.node(part, subject)}）"
            case Has(key, where, at_least):
                return self._has(subject, key, where, at_least)
            case Compare(key, op, value):
                return self._compare(self.dictionary.field(subject, key), op, value)

    def _inside(self, part: Node, subject: str, weaker: Any) -> str:
        text = self.node(part, subject)
        return f"（{text}）" if weaker and isinstance(part, weaker) else text

    def _has(self, subject: str, key: str, where: Node, at_least: int) -> str:
        relation = self.dictionary.subject(subject).relation(key)
        if relation is None:
            raise KeyError(key)
        how_many = f"至少{at_least}{relation.counter}" if at_least > 1 else ""
        return f"{relation.label}中{how_many}有（{self.node(where, relation.target)}）"

    def _compare(self, field: Field, op: Op, value: Any) -> str:
        match op:
            case Op.KNOWN:
                return f"{field.label}已填"
            case Op.EQ if field.kind is Kind.FLAG:
                return field.label if value else f"{field.label}＝否"
            case Op.BETWEEN:
                first, last = value
                begins, ends = self.value(field, first, unit=False), self.value(field, last)
                return f"{field.label}在{begins}～{ends}"
            case Op.IN:
                return f"{field.label}属于{self._many(field, value)}"
            case Op.CONTAINS:
                return f"{field.label}含{quoted(value)}"
            case Op.WITHIN:
                return f"{field.label}在近{value}天内"
            case Op.COMING:
                return f"{field.label}在未来{value}天内"
        return f"{field.label}{SIGNS[op]}{self.value(field, value)}"

    def _reverse(self, field: Field, op: Op, value: Any) -> str:
        match op:
            case Op.KNOWN:
                return f"{field.label}未填"
            case Op.EQ if field.kind is Kind.FLAG and value:
                return negative_of(field)
            case Op.EQ if field.kind is not Kind.FLAG:
                return f"{field.label}≠{self.value(field, value)}"
            case Op.IN:
                return f"{field.label}不属于{self._many(field, value)}"
            case Op.CONTAINS:
                return f"{field.label}不含{quoted(value)}"
            case Op.WITHIN:
                return f"{field.label}不在近{value}天内"
            case Op.COMING:
                return f"{field.label}不在未来{value}天内"
        return f"非（{self._compare(field, op, value)}）"

    def _many(self, field: Field, values: tuple[Any, ...]) -> str:
        return "、".join(self.value(field, value) for value in values)

    def value(self, field: Field, value: Any, *, unit: bool = True) -> str:
        """Say one value of a field."""
        match field.kind:
            case Kind.NUMBER:
                return f"{plain_number(value)}{field.unit if unit else ''}"
            case Kind.DATE:
                return value.isoformat() if isinstance(value, date) else str(value)
            case Kind.CHOICE:
                choice = field.choice(value)
                return _bare(choice.label if choice else str(value))
            case Kind.PLACE:
                return self._place(field, str(value))
        return quoted(str(value))

    def _place(self, field: Field, path: str) -> str:
        name = self.places.name_of(path)
        # A name that several places have, or that is not known here, does not lead back.
        if name and self.places.path_of(field.level, name) == path:
            return _bare(name)
        return f"{quoted(name)}〔{path}〕"


def plain_number(value: int | Decimal) -> str:
    """Write a number without exponent."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _bare(word: str) -> str:
    # An option may hold a sign of the grammar itself.
    return quoted(word) if not word or SPECIAL & set(word) else word
