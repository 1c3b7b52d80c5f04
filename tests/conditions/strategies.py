"""Random conditions, for properties: every field, every comparison, nested and reversed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from linli.core.fields import (
    DICTIONARY,
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Dictionary,
    Field,
    Has,
    Kind,
    Not,
    Op,
)
from linli.workbench.conditions.tree import validated

TODAY = date(2026, 11, 23)
LEAP_DAYS = [date(1936, 2, 29), date(1960, 2, 29), date(2000, 2, 29), date(2024, 2, 29)]
NEAR = [TODAY - timedelta(days=n) for n in (0, 1, 6, 7, 30, 31, 90, 365)]
BIRTHDAYS = [
    date(year, 11, day) for year in (1926, 1946, 1966, 2008, 2012, 2023) for day in (22, 23, 24)
]
DATES = [*LEAP_DAYS, *NEAR, *BIRTHDAYS, TODAY + timedelta(days=1), TODAY + timedelta(days=200)]
PATHS = ["330212007/330212007009/", "330212007/330212007009/001/", "330212007/330212007010/"]
TEXTS = ["甲", "东方丽都", "A1", "a1", "“引号”", "\\", "甲 且 乙", "100%", "_", "（括号）"]


def dates() -> Any:
    return st.sampled_from(DATES) | st.dates(date(1910, 1, 1), date(2030, 12, 31))


def numbers(one: Field) -> Any:
    low = 0 if one.lowest is None else one.lowest
    high = 200 if one.highest is None else min(one.highest, max(low + 130, 2030))
    whole = st.integers(low, min(high, low + 130)) | st.sampled_from([low, low + 1])
    if one.key == "built_year":
        whole = st.integers(1970, 2026)
    if one.decimals:
        return whole | st.integers(low * 10, 2000).map(lambda n: Decimal(n) / 10)
    return whole


def scalars(one: Field, paths: list[str], texts: list[str]) -> Any:
    match one.kind:
        case Kind.NUMBER:
            return numbers(one)
        case Kind.DATE:
            return dates()
        case Kind.FLAG:
            return st.booleans()
        case Kind.CHOICE:
            return st.sampled_from([choice.value for choice in one.choices])
        case Kind.PLACE:
            return st.sampled_from(paths)
    return st.sampled_from(texts)


@st.composite
def compares(draw: Any, one: Field, paths: list[str], texts: list[str]) -> Compare:
    op = draw(st.sampled_from(sorted(one.ops)))
    value = scalars(one, paths, texts)
    match op:
        case Op.KNOWN:
            return Compare(one.key, op)
        case Op.WITHIN | Op.COMING:
            return Compare(one.key, op, draw(st.integers(0, 400)))
        case Op.BETWEEN:
            pair = sorted([draw(value), draw(value)])
            return Compare(one.key, op, (pair[0], pair[1]))
        case Op.IN:
            return Compare(one.key, op, tuple(draw(st.lists(value, min_size=1, max_size=3))))
    return Compare(one.key, op, draw(value))


def conditions(
    subject: str,
    *,
    words: Dictionary = DICTIONARY,
    paths: list[str] = PATHS,
    texts: list[str] = TEXTS,
    related: bool = True,
) -> Any:
    """Return random conditions about a subject, validated."""

    def nodes(of: str, depth: int) -> Any:
        fields = [field for field in words.fields_of(of, all=True) if field.ops]
        leaf = st.sampled_from(fields).flatmap(lambda one: compares(one, paths, texts))
        if depth == 0:
            return leaf
        inner = nodes(of, depth - 1)
        parts = st.lists(inner, min_size=1, max_size=3).map(tuple)
        made = [leaf, parts.map(AllOf), parts.map(AnyOf), inner.map(Not), st.just(AllOf())]
        relations = words.subject(of).relations if related and depth > 1 else ()
        for relation in relations:
            made.append(
                st.builds(
                    Has,
                    st.just(relation.key),
                    nodes(relation.target, 1),
                    st.sampled_from([1, 1, 2, 3]),
                )
            )
        return st.one_of(made)

    # Now and then made from a sentence of which some words were left out.
    unread = st.just(()) | st.lists(st.sampled_from(texts), max_size=2).map(tuple)
    return st.tuples(nodes(subject, 2), unread).map(
        lambda one: validated(Condition(subject, *one), words)
    )
