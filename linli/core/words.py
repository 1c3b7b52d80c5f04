"""Words that the product declares in Chinese: its data and grammar know them so, pages translate.

A field's label is matched with what people type, stands in stored conditions and in exported files:
there it stays Chinese. Shown on a page it is in the reader's language. A template asks every value
for ``__html__``, so nobody who shows a word has to think of it; who builds a sentence around one in
code still has to call ``gettext``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db import models
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext, npgettext

from linli.core.dotted_paths import DottedFunction

UNIT = "unit"  # the context of a number with its unit: 岁 alone is another sentence
DECLARED: list[DottedFunction[[], Iterable[str]]] = []


class Word(str):
    """A word as it is declared; on a page it is in the reader's language."""

    __slots__ = ()

    def __html__(self) -> SafeString:
        return escape(in_language(self))


class Counted(str):
    """A number with its unit, 21岁; on a page the unit is in the reader's language."""

    __slots__ = ("number", "said", "unit")
    number: Any
    said: str
    unit: str

    def __new__(cls, number: Any, said: str, unit: str) -> Counted:
        """Keep the number (for its plural), how it is said, and the unit."""
        made = super().__new__(cls, f"{said}{unit}")
        made.number, made.said, made.unit = number, said, unit
        return made

    def __html__(self) -> SafeString:
        return escape(in_language(self))


class Said(str):
    """A sentence made of declared words, 82岁（≥80岁）; on a page in the reader's language."""

    __slots__ = ("pattern", "words")
    pattern: str
    words: dict[str, Any]

    def __new__(cls, pattern: str, **words: Any) -> Said:
        """Keep the sentence and what it is about."""
        made = super().__new__(cls, pattern % words)
        made.pattern, made.words = pattern, words
        return made

    def __html__(self) -> SafeString:
        return escape(in_language(self))


def in_language(word: str) -> str:
    """Say something that was declared in the reader's language; other text as it is."""
    if isinstance(word, Said):
        return gettext(word.pattern) % {
            name: in_language(part) if isinstance(part, str) else part
            for name, part in word.words.items()
        }
    if isinstance(word, Counted):
        return counted(word.number, word.said, word.unit)
    return gettext(word) if isinstance(word, Word) and word else word


def counted(number: Any, said: str, unit: str) -> str:
    """Say a number with its unit in the reader's language."""
    if not unit:
        return said
    pattern = with_unit(unit)
    many = number if isinstance(number, int) else 2
    return npgettext(UNIT, pattern, pattern, many) % {"n": said}


def with_unit(unit: str) -> str:
    """Return the sentence that stands for a unit in the catalogues."""
    return "%(n)s" + unit


def register_words(words: Callable[[], Iterable[str]] | str) -> None:
    """Tell the catalogues of words that stand in data the product ships, by a dotted path."""
    DECLARED.append(DottedFunction(words))


class WordField(models.CharField):  # type: ignore[type-arg]
    """A column of words that the product may have shipped: a page translates those it knows."""

    def deconstruct(self) -> Any:
        """Look like any text: the column is one."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        """Return what was kept, as a word."""
        return None if value is None else Word(value)


def spoken(words: Iterable[str], between: str = "、") -> str:
    """Return words in the reader's language, one after the other."""
    return gettext(between).join(gettext(word) for word in words if word)
