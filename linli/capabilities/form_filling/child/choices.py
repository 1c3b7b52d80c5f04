"""Drop-downs: what a form offers, and how it spells what we know."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from openpyxl.utils.cell import range_boundaries

YES, NO = {"是", "有"}, {"否", "无", "没有"}
MARKS = {"√", "是", "有", "Y", "1"}
BARE = re.compile(r"[（(].*?[）)]|\s")
CORNER = r"\$?[A-Za-z]{1,3}\$?\d*"
RANGE = re.compile(rf"^(?:(?:'((?:[^']|'')+)'|([^'!]+))!)?({CORNER}(?::{CORNER})?)$")
MOST_OFFERED = 2000


@dataclass(frozen=True)
class Offer:
    """One drop-down with its words; ``rule`` knows its cells, also after rows were added."""

    rule: Any
    words: tuple[str, ...]

    def is_for(self, row: int, column: int) -> bool:
        """Does the drop-down belong to this cell?"""
        return any(
            one.min_row <= row <= one.max_row and one.min_col <= column <= one.max_col
            for one in self.rule.sqref.ranges
        )


def choices_of(sheet: Any) -> dict[int, list[Offer]]:
    """Return the drop-downs of each column, column from 1."""
    offers: dict[int, list[Offer]] = {}
    for rule in sheet.data_validations.dataValidation:
        if rule.type != "list":
            continue
        words = offered(sheet, str(rule.formula1 or ""))
        if not words:
            continue
        columns = {n for one in rule.sqref.ranges for n in range(one.min_col, one.max_col + 1)}
        for column in columns:
            offers.setdefault(column, []).append(Offer(rule, words))
    return offers


def offered(sheet: Any, formula: str) -> tuple[str, ...]:
    """Return the words of a list: spelt out, in a range of any sheet, or behind a name."""
    formula_text = formula.strip().removeprefix("=")
    if formula_text.startswith('"'):
        return tuple(one.strip() for one in formula_text.strip('"').split(",") if one.strip())
    book = sheet.parent
    named = sheet.defined_names.get(formula_text) or book.defined_names.get(formula_text)
    if named is not None:
        formula_text = str(named.attr_text or "")
    corners = RANGE.match(formula_text)
    if corners is None:
        return ()
    title = (corners[1] or corners[2] or sheet.title).replace("''", "'")
    if title not in book.sheetnames:
        return ()
    left, top, right, bottom = range_boundaries(corners[3])
    source = book[title]
    cells = source.iter_rows(
        min_col=left,
        max_col=right,
        min_row=top or 1,
        max_row=bottom or source.max_row,
        values_only=True,
    )
    words = [str(one).strip() for row in cells for one in row if one is not None]
    return tuple(word for word in words[:MOST_OFFERED] if word)


def spelt(value: str, words: tuple[str, ...]) -> str | None:
    """Return the offered word that says the same; "" for a no where only a yes can be ticked."""
    if value in words:
        return value
    if value in YES:
        return next((word for word in words if word in MARKS), None)
    if value in NO:
        no = next((word for word in words if word in NO), None)
        # Where only √ is offered, a no is written by leaving the cell empty.
        return "" if no is None and len(words) == 1 else no
    plain = BARE.sub("", value)
    same = [word for word in words if BARE.sub("", word) == plain]
    near = same or [word for word in words if plain in word or BARE.sub("", word) in plain]
    # Two that are near are no answer: the value stays as it is and is named in a warning.
    return near[0] if len(near) == 1 else None
