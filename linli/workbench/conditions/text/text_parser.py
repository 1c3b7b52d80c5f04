"""From canonical Chinese back to the condition; the grammar stands in text.py."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from linli.core.errors import Refused
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
from linli.workbench.conditions.text.text_writer import (
    AND,
    EVERYBODY,
    OR,
    SIGNS,
    SPECIAL,
    UNREAD,
    PlaceNames,
    negative_of,
)
from linli.workbench.conditions.tree import validated

LONGEST = 4000
_NUMBER = re.compile(r"-?\d{1,12}(?:\.\d{1,6})?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DAYS = re.compile(r"(不?)在(近|未来)(\d{1,6})天内")
_QUOTED = re.compile(r"“((?:[^“”\\]|\\.)*)”")
_BARE = re.compile("[^" + re.escape("".join(SPECIAL)) + "]+")
_PATH = re.compile(r"〔([^〔〕]*)〕")
_WORD = re.compile(f"{_QUOTED.pattern}|({_BARE.pattern})")
_UNREAD = re.compile(f"{UNREAD}((?:{_WORD.pattern})(?:、(?:{_WORD.pattern}))*)）$")
_AT_LEAST = re.compile(r"中(?:至少(\d{1,3})\D{1,2})?有（")
# `validated` counts exactly; this keeps the parser from calling itself without end.
_DEEPEST = 40


def condition_of(subject: str, text: str, dictionary: Dictionary, places: PlaceNames) -> Condition:
    """Read canonical Chinese, or refuse and show where it stops making sense."""
    if len(text) > LONGEST:
        raise Refused(
            "condition.too_long", _("条件最多%(longest)s个字") % {"longest": LONGEST}, "text"
        )
    dictionary.subject(subject)
    text, unread = _without_unread(text.strip())
    reader = _TextParser(text, dictionary, places)
    where = EVERYONE if unread and not text else reader.any(subject)
    if reader.at < len(reader.text):
        raise reader.stuck()
    return validated(Condition(subject, where, unread), dictionary)


def _without_unread(text: str) -> tuple[str, tuple[str, ...]]:
    """Take the words that were left out off the end of a condition."""
    found = _UNREAD.search(text)
    if not found:
        return text, ()
    words = (bare or _unescaped(quoted) for quoted, bare in _WORD.findall(found[1]))
    return text[: found.start()], tuple(words)


def _unescaped(inner: str) -> str:
    return re.sub(r"\\(.)", r"\1", inner, flags=re.DOTALL)


class _TextParser:
    def __init__(self, text: str, dictionary: Dictionary, places: PlaceNames) -> None:
        self.text, self.at, self.depth = text, 0, 0
        self.dictionary, self.places = dictionary, places

    def stuck(self) -> Refused:
        """Say where the text stops making sense."""
        rest = self.text[self.at : self.at + 12] or "（结尾）"
        return Refused(
            "condition.text_stuck",
            _("从第%(at)s个字“%(rest)s”开始看不懂") % {"at": self.at + 1, "rest": rest},
            "text",
            _("请照“社区＝殷家社区 且 年龄≥90岁”的样子写"),
        )

    def take(self, word: str) -> bool:
        """Step over ``word`` if it stands here."""
        if not self.text.startswith(word, self.at):
            return False
        self.at += len(word)
        return True

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Step over what the pattern finds here."""
        match = pattern.match(self.text, self.at)
        if match:
            self.at = match.end()
        return match

    def any(self, subject: str) -> Node:
        """Read parts joined by 或."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Refused("condition.too_deep", _("括号套得太深"), "text")
        parts = [self.all(subject)]
        while self.take(OR):
            parts.append(self.all(subject))
        self.depth -= 1
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def all(self, subject: str) -> Node:
        """Read parts joined by 且."""
        parts = [self.unit(subject)]
        while self.take(AND):
            parts.append(self.unit(subject))
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def unit(self, subject: str) -> Node:
        """Read one part."""
        if self._whole(EVERYBODY):
            return AllOf()
        if self.take("（"):
            return self._closed(subject)
        if self.take("非（"):
            return Not(self._closed(subject))
        part = self._has(subject) or self._flag(subject) or self._comparison(subject)
        if part is None:
            raise self.stuck()
        return part

    def _closed(self, subject: str) -> Node:
        inner = self.any(subject)
        if not self.take("）"):
            raise self.stuck()
        return inner

    def _ends(self, at: int) -> bool:
        rest = self.text[at:]
        return not rest or rest.startswith((AND, OR, "）"))

    def _whole(self, word: str) -> bool:
        return self._ends(self.at + len(word)) and self.take(word)

    def _has(self, subject: str) -> Node | None:
        for relation in self.dictionary.subject(subject).relations:
            before = self.at
            if self.take(relation.label) and (found := self.match(_AT_LEAST)):
                return Has(relation.key, self._closed(relation.target), int(found[1] or 1))
            # A field's label may begin with the same word.
            self.at = before
        return None

    def _flag(self, subject: str) -> Node | None:
        for field in self.dictionary.fields_of(subject, all=True):
            if field.kind is not Kind.FLAG:
                continue
            if self._whole(field.label):
                return Compare(field.key, Op.EQ, True)
            if self._whole(f"{field.label}＝否"):
                return Compare(field.key, Op.EQ, False)
            if self._whole(negative_of(field)):
                return Not(Compare(field.key, Op.EQ, True))
        return None

    def _comparison(self, subject: str) -> Node | None:
        fields = self.dictionary.fields_of(subject, all=True)
        # The longest label first: one may begin with another.
        for field in sorted(fields, key=lambda each: -len(each.label)):
            before = self.at
            if self.take(field.label):
                comparison = self._rest(field)
                if comparison is not None and self._ends(self.at):
                    return comparison
                self.at = before
        return None

    def _rest(self, field: Field) -> Node | None:
        if self.take("已填"):
            return Compare(field.key, Op.KNOWN)
        if self.take("未填"):
            return Not(Compare(field.key, Op.KNOWN))
        if days := self.match(_DAYS):
            op = Op.WITHIN if days[2] == "近" else Op.COMING
            return _maybe_not(days[1], Compare(field.key, op, int(days[3])))
        for op, sign in SIGNS.items():
            if self.take(sign):
                return self._with_value(field, op)
        if self.take("≠"):
            return _maybe_not("不", self._with_value(field, Op.EQ))
        return self._sets(field)

    def _sets(self, field: Field) -> Node | None:
        if self.take("在"):
            first = self.value(field)
            last = self.value(field) if first is not None and self.take("～") else None
            return None if last is None else Compare(field.key, Op.BETWEEN, (first, last))
        negative = "不" if self.take("不") else ""
        if self.take("含"):
            text = self._quoted()
            return None if text is None else _maybe_not(negative, _contains(field, text))
        if not self.take("属于"):
            return None
        values = [self.value(field)]
        while self.take("、"):
            values.append(self.value(field))
        if None in values:
            return None
        return _maybe_not(negative, Compare(field.key, Op.IN, tuple(values)))

    def _with_value(self, field: Field, op: Op) -> Node | None:
        value = self.value(field)
        return None if value is None else Compare(field.key, op, value)

    def value(self, field: Field) -> Any:
        """Read one value of a field; None when none stands here."""
        readers: dict[Kind, Callable[[Field], Any]] = {
            Kind.NUMBER: self._number,
            Kind.DATE: self._date,
            Kind.CHOICE: self._choice,
            Kind.PLACE: self._place,
            Kind.TEXT: lambda _one: self._quoted(),
        }
        read = readers.get(field.kind)
        return read(field) if read else None

    def _number(self, field: Field) -> Any:
        match = self.match(_NUMBER)
        if not match:
            return None
        self.take(field.unit)
        return Decimal(match[0]) if "." in match[0] else int(match[0])

    def _date(self, _one: Field) -> Any:
        match = self.match(_DATE)
        try:
            return date.fromisoformat(match[0]) if match else None
        except ValueError:
            raise Refused(
                "condition.date", _("“%(value)s”不是日期") % {"value": match[0] if match else ""}
            ) from None

    def _quoted(self) -> str | None:
        match = self.match(_QUOTED)
        return _unescaped(match[1]) if match else None

    def _word(self) -> str | None:
        if self.text.startswith("“", self.at):
            return self._quoted()
        match = self.match(_BARE)
        return match[0] if match else None

    def _choice(self, field: Field) -> Any:
        word = self._word()
        if word is None:
            return None
        for choice in field.choices:
            if word == choice.label:
                return choice.value
        raise Refused(
            "condition.choice",
            _("“%(label)s”没有“%(word)s”这个选项") % {"label": _(field.label), "word": word},
            field.key,
        )

    def _place(self, field: Field) -> Any:
        word = self._word()
        if word is None:
            return None
        # With a path the name only stands there to be read.
        if path := self.match(_PATH):
            return path[1]
        path_found = self.places.path_of(field.level, word)
        if not path_found:
            raise Refused(
                "condition.place_name",
                _("没有找到%(label)s“%(word)s”，或有好几个")
                % {"label": _(field.label), "word": word},
                field.key,
            )
        return path_found


def _contains(field: Field, text: str) -> Node:
    return Compare(field.key, Op.CONTAINS, text)


def _maybe_not(negative: str, node: Node | None) -> Node | None:
    return Not(node) if negative and node is not None else node
