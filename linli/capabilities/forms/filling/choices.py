"""Drop-downs: what a form offers, and how it spells what we know."""

from __future__ import annotations

import re
from typing import Any

YES, NO = {"是", "有"}, {"否", "无", "没有"}
MARKS = {"√", "是", "有", "Y", "1"}
BARE = re.compile(r"[（(].*?[）)]|\s")


def choices_of(sheet: Any) -> dict[int, tuple[str, ...]]:
    """Return the words offered in each column that has a list of its own, column from 1."""
    made: dict[int, tuple[str, ...]] = {}
    for rule in sheet.data_validations.dataValidation:
        if rule.type != "list" or not str(rule.formula1 or "").startswith('"'):
            continue
        words = tuple(one.strip() for one in rule.formula1.strip('"').split(",") if one.strip())
        for cells in rule.sqref.ranges:
            for column in range(cells.min_col, cells.max_col + 1):
                made[column] = words
    return made


def spelt(value: str, offered: tuple[str, ...]) -> str | None:
    """Return the offered word that says the same; "" for a no where only a yes can be ticked."""
    if value in offered:
        return value
    if value in YES:
        return next((one for one in offered if one in MARKS), None)
    if value in NO:
        found = next((one for one in offered if one in NO), None)
        return "" if found is None and len(offered) == 1 else found
    plain = BARE.sub("", value)
    same = [one for one in offered if BARE.sub("", one) == plain]
    near = same or [one for one in offered if plain in one or BARE.sub("", one) in plain]
    return near[0] if len(near) == 1 else None
