"""Words of a list that nobody knew: gathered once a word, explained once, known from then on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from linli.core.fields import Kind
from linli.workbench.imports.column_recognition import Words
from linli.workbench.imports.encrypted_rows import opened_or_none
from linli.workbench.imports.models import Batch, ExplainedWord, ImportRow
from linli.workbench.imports.terms import RowFate

NO_VALUE = "-"
MOST_WORDS = 60


@dataclass(frozen=True)
class UnknownWord:
    """A word of a fact's column, in how many rows it stands, and what it can mean."""

    key: str
    label: str
    word: str
    rows: int
    options: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        """What the word is called in a form."""
        return f"{self.key}:{self.word}"


def explained_words() -> dict[str, dict[str, str]]:
    """Return what words mean, by fact and word, as this subdistrict explained them."""
    means: dict[str, dict[str, str]] = {}
    for key, word, value in ExplainedWord.objects.order_by("pk").values_list(
        "key", "word", "value"
    ):
        means.setdefault(key, {})[word] = value
    return means


def unknown_in(batch: Batch, words: Words) -> list[UnknownWord]:
    """Return the unknown words of a previewed list, the most frequent first."""
    counted: Counter[tuple[str, str]] = Counter()
    for told in ImportRow.objects.filter(batch=batch, has_doubt=True).values_list(
        "told", flat=True
    ):
        for doubt in (opened_or_none(told) or {}).get("doubts", []):
            if isinstance(doubt, dict) and doubt.get("word"):
                counted[doubt["key"], doubt["word"]] += 1
    return [
        UnknownWord(key, words.targets[key].label, word, rows, _options(words, key))
        for (key, word), rows in counted.most_common()
        if key in words.targets
    ]


def _options(words: Words, key: str) -> tuple[tuple[str, str], ...]:
    field = words.targets[key].field
    none = (NO_VALUE, _("没有这一项，空着"))
    if field is None or field.kind not in (Kind.CHOICE, Kind.FLAG):
        return (none,)
    if field.kind is Kind.FLAG:
        return (("1", _("是")), ("0", _("否")), none)
    return (*((choice.value, choice.label) for choice in field.choices), none)


def missing_in(batch: Batch) -> list[str]:
    """Return the places that rows name and the register does not have, each once."""
    rows = ImportRow.objects.filter(batch=batch, fate=RowFate.REFUSED).order_by("number")
    told = (opened_or_none(text) or {} for text in rows.values_list("told", flat=True))
    return list(dict.fromkeys(one["missing"] for one in told if one.get("missing")))


def chosen_in(given: Mapping[str, str], unknown: list[UnknownWord]) -> dict[tuple[str, str], str]:
    """Return what was chosen for each word; a word left alone is asked about again."""
    return {
        (one.key, one.word): "" if given[one.name] == NO_VALUE else given[one.name]
        for one in unknown
        if given.get(one.name) in dict(one.options)
    }
