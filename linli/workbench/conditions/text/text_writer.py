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

from django.utils.translation import gettext, gettext_noop

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
from linli.core.words import Word, counted

SIGNS: dict[Op, str] = {Op.EQ: "＝", Op.LT: "＜", Op.LE: "≤", Op.GT: "＞", Op.GE: "≥"}
AND, OR, EVERYBODY = gettext_noop(" 且 "), gettext_noop(" 或 "), gettext_noop("全部")
NOT, TRUE = gettext_noop("非（%(said)s）"), "%(field)s"
ANY_OF_THEM = gettext_noop("%(relation)s中有（%(said)s）")
AT_LEAST = gettext_noop("%(relation)s中至少%(n)s%(counter)s有（%(said)s）")
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


def said_of(condition: Condition, dictionary: Dictionary, places: PlaceNames) -> str:
    """Say a condition in the reader's language: to be read, only Chinese reads back."""
    unread = ""
    if condition.unread:
        left_out = "、".join(map(_bare, condition.unread))
        unread = gettext("（只按看懂的算，没看懂：%(words)s）") % {"words": left_out}
        if condition.where == EVERYONE:
            return unread
    return _Reader(dictionary, places).node(condition.where, condition.subject) + unread


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
                    return self.say(EVERYBODY)
                # 且 binds tighter than 或: only a 或 inside needs brackets.
                return self.say(AND).join(self._inside(part, subject, AnyOf) for part in parts)
            case AnyOf(parts):
                return self.say(OR).join(self._inside(part, subject, ()) for part in parts)
            case Not(Compare(key, op, value)):
                return self._reverse(self.dictionary.field(subject, key), op, value)
            case Not(part):
                return self.say(NOT, said=self.node(part, subject))
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
        words = {"relation": relation.label, "n": at_least, "counter": relation.counter}
        said = self.node(where, relation.target)
        if at_least > 1:
            return self.say(AT_LEAST, **words, said=said)
        return self.say(ANY_OF_THEM, **words, said=said)

    def say(self, pattern: str, **words: Any) -> str:
        """Put words into a sentence of the grammar."""
        return pattern % words if words else pattern

    def _compare(self, field: Field, op: Op, value: Any) -> str:
        name: dict[str, Any] = {"field": field.label}
        match op:
            case Op.KNOWN:
                return self.say(gettext_noop("%(field)s已填"), **name)
            case Op.EQ if field.kind is Kind.FLAG:
                return self.say(TRUE if value else gettext_noop("%(field)s＝否"), **name)
            case Op.BETWEEN:
                first, last = value
                name["begins"] = self.value(field, first, unit=False)
                name["ends"] = self.value(field, last)
                return self.say(gettext_noop("%(field)s在%(begins)s～%(ends)s"), **name)
            case Op.IN:
                name["words"] = self._many(field, value)
                return self.say(gettext_noop("%(field)s属于%(words)s"), **name)
            case Op.CONTAINS:
                name["words"] = quoted(value)
                return self.say(gettext_noop("%(field)s含%(words)s"), **name)
            case Op.WITHIN:
                return self.say(gettext_noop("%(field)s在近%(n)s天内"), **name, n=value)
            case Op.COMING:
                return self.say(gettext_noop("%(field)s在未来%(n)s天内"), **name, n=value)
        return self.say(f"%(field)s{SIGNS[op]}%(value)s", **name, value=self.value(field, value))

    def _reverse(self, field: Field, op: Op, value: Any) -> str:
        name: dict[str, Any] = {"field": field.label}
        match op:
            case Op.KNOWN:
                return self.say(gettext_noop("%(field)s未填"), **name)
            case Op.EQ if field.kind is Kind.FLAG and value:
                return self.negative(field)
            case Op.EQ if field.kind is not Kind.FLAG:
                return self.say("%(field)s≠%(value)s", **name, value=self.value(field, value))
            case Op.IN:
                name["words"] = self._many(field, value)
                return self.say(gettext_noop("%(field)s不属于%(words)s"), **name)
            case Op.CONTAINS:
                name["words"] = quoted(value)
                return self.say(gettext_noop("%(field)s不含%(words)s"), **name)
            case Op.WITHIN:
                return self.say(gettext_noop("%(field)s不在近%(n)s天内"), **name, n=value)
            case Op.COMING:
                return self.say(gettext_noop("%(field)s不在未来%(n)s天内"), **name, n=value)
        return self.say(NOT, said=self._compare(field, op, value))

    def negative(self, field: Field) -> str:
        """Say that a flag is not so."""
        return negative_of(field)

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


class _Reader(_Writer):
    """The same sentences in the reader's language."""

    def say(self, pattern: str, **words: Any) -> str:
        told = {
            name: gettext(word) if isinstance(word, Word) else word for name, word in words.items()
        }
        return super().say(gettext(pattern), **told)

    def negative(self, field: Field) -> str:
        if field.negative:
            return gettext(field.negative)
        return self.say(gettext_noop("非%(field)s"), field=field.label)

    def value(self, field: Field, value: Any, *, unit: bool = True) -> str:
        match field.kind:
            case Kind.NUMBER:
                return counted(value, plain_number(value), field.unit if unit else "")
            case Kind.CHOICE:
                choice = field.choice(value)
                return gettext(choice.label) if choice else str(value)
        return super().value(field, value, unit=unit)


def plain_number(value: int | Decimal) -> str:
    """Write a number without exponent."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _bare(word: str) -> str:
    # An option may hold a sign of the grammar itself.
    return quoted(word) if not word or SPECIAL & set(word) else word
