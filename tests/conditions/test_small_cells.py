"""Declared figures give no small number back, whatever an attacker adds up and takes away."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from linli.workbench.conditions.listing.small_cells import (
    FEW,
    KEPT_BACK,
    DeclaredTable,
    declared,
    declared_parts,
)
from linli.workbench.conditions.rules import FEWEST_SHOWN

MOST = 12  # the attacker tries every number up to this for what is kept back
TABLES = st.integers(1, 3).flatmap(
    lambda wide: st.lists(
        st.lists(st.integers(0, 9), min_size=wide, max_size=wide), min_size=1, max_size=2
    )
)


def could_be(text: str) -> list[int]:
    """What a shown text leaves open."""
    if text == FEW:
        return list(range(FEWEST_SHOWN))
    return list(range(FEWEST_SHOWN, MOST + 1)) if text == KEPT_BACK else [int(text)]


def fits(text: str, number: int) -> bool:
    if text == FEW:
        return number < FEWEST_SHOWN
    return number >= FEWEST_SHOWN if text == KEPT_BACK else number == int(text)


def every_table(shown: DeclaredTable) -> list[tuple[tuple[int, ...], ...]]:
    """The attacker: every table of numbers that agrees with all that is shown."""
    rows = [
        [row for row in itertools.product(*map(could_be, cells)) if fits(total, sum(row))]
        for cells, total in zip(shown.cells, shown.rows, strict=True)
    ]
    return [
        table
        for table in itertools.product(*rows)
        if all(map(fits, shown.columns, map(sum, zip(*table, strict=True))))
        and fits(shown.whole, sum(map(sum, table)))
    ]


def given_back(shown: DeclaredTable) -> list[str]:
    """The hidden numbers, cells and sums, that can only be one number."""
    tables = every_table(shown)
    assert tables, "what is shown contradicts itself"
    found = []
    for r, row in enumerate(shown.cells):
        for c, text in enumerate(row):
            if text in (FEW, KEPT_BACK) and len({table[r][c] for table in tables}) == 1:
                found.append(f"cell {r},{c}")
    for r, text in enumerate(shown.rows):
        if text in (FEW, KEPT_BACK) and len({sum(table[r]) for table in tables}) == 1:
            found.append(f"row {r}")
    for c, text in enumerate(shown.columns):
        if text in (FEW, KEPT_BACK) and len({sum(r[c] for r in t) for t in tables}) == 1:
            found.append(f"column {c}")
    if shown.whole in (FEW, KEPT_BACK) and len({sum(map(sum, table)) for table in tables}) == 1:
        found.append("whole")
    return found


@settings(max_examples=60, deadline=None)
@given(TABLES)
@example([[3, 40 % MOST]])
@example([[4, 4], [9, 9]])
@example([[0, 0], [9, 9]])
@example([[0, 5]])
@example([[4, 1]])
def test_no_hidden_number_can_be_worked_out(counts: list[list[int]]) -> None:
    shown = declared(counts)
    assert given_back(shown) == [], (counts, shown)
    for row, texts in zip(counts, shown.cells, strict=True):
        assert all(text == FEW for number, text in zip(row, texts, strict=True) if number < 5)


def test_without_complementary_hiding_a_sum_gives_them_back() -> None:
    """The negative control: the small cell alone hidden is the whole less the others."""
    assert given_back(declared([[3, 8], [9, 7]], complementary=False)) == ["cell 0,0"]
    assert given_back(declared([[3, 8], [9, 7]])) == []


@pytest.mark.parametrize(
    ("counts", "cells", "whole"),
    [([3, 37], (FEW, KEPT_BACK), "40"), ([30, 37], ("30", "37"), "67"), ([2, 1], (FEW, FEW), FEW)],
)
def test_a_group_and_all_the_others(counts: list[int], cells: tuple[str, ...], whole: str) -> None:
    shown = declared_parts(counts)
    assert (shown.cells[0], shown.whole) == (cells, whole)


def test_large_numbers_are_all_shown() -> None:
    shown = declared([[1200, 35], [80, 6]])
    assert shown.cells == (("1,200", "35"), ("80", "6"))
    assert (shown.rows, shown.columns, shown.whole) == (("1,235", "86"), ("1,280", "41"), "1,321")


def test_no_table_is_no_table() -> None:
    assert declared([]).whole == FEW
