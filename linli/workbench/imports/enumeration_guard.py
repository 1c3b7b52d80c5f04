"""Rows that try out birthdays or numbers of one name: none of them is matched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext as _

from linli.workbench.imports.rules import are_guesses


def guesses_in(rows: Iterable[tuple[int, str]]) -> dict[int, int]:
    """Return the rows (number, name) that try one name out, and how many each name has."""
    listed = list(rows)
    same = Counter(name for _number, name in listed if name)
    return {
        number: same[name]
        for number, name in listed
        if are_guesses(rows=same[name], of=len(listed))
    }


def sentence_of(rows: int) -> str:
    """Say why such a row is not matched."""
    return _("同一姓名有%(n)d行") % {"n": rows}


def hint() -> str:
    """Say what to do."""
    return _("每人只留一行；确有这么多同名的，请分几张表。")
