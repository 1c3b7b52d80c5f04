"""Ask, count, list, cross-tabulate: the one door for pages, the API and the command line.

Everything here answers under the active scope (``use_scope``): rows outside it do not exist, a
condition or a column on a field hidden from the role is Refused, masked values come out masked.

    question = ask("殷家社区90岁以上独居老人")
    count(question.condition)
    rows(question.condition, columns=["name", "address", "age"], sort="-age", limit=50)
    cross_tab(question.condition, "community", "age")
    condition_json(question.condition) -> dict that goes into a URL or a saved report
    read_json(data) -> Condition, validated, or Refused
    condition_text(condition) -> 「社区＝殷家社区 且 年龄≥90岁 且 独居」
    read_text(subject, text) -> the same Condition back
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from linli.core.fields import Condition, Node
from linli.workbench.conditions.shapes import CrossTab, FieldOffered, Line, Question, Rows

DEFAULT_LIMIT = 50
LARGEST_LIMIT = 500


def ask(sentence: str) -> Question:
    """Understand a plain sentence; unknown words are in ``unknown``, never dropped."""
    raise NotImplementedError


def count(condition: Condition) -> int:
    """Count, live."""
    raise NotImplementedError


def rows(
    condition: Condition,
    *,
    columns: Sequence[str] = (),
    sort: str = "",
    offset: int = 0,
    limit: int = DEFAULT_LIMIT,
) -> Rows:
    """Return one page of the list, live; no columns: the subject's usual ones.

    ``sort`` is the key of a sortable field, "-" before it for the reverse; equal ones by id.
    """
    raise NotImplementedError


def lines(condition: Condition, *, columns: Sequence[str] = (), sort: str = "") -> Iterator[Line]:
    """Return every line of the list, in batches, for files."""
    raise NotImplementedError


def ids(condition: Condition) -> list[int]:
    """Return the ids, ascending."""
    raise NotImplementedError


def cross_tab(condition: Condition, row_field: str, column_field: str = "") -> CrossTab:
    """Count by one or two facts, from the snapshot (refreshed first when it is behind)."""
    raise NotImplementedError


def fields_offered(subject: str) -> list[FieldOffered]:
    """Return the fields this post may ask for, grouped as the dictionary groups them."""
    raise NotImplementedError


def default_columns(subject: str) -> list[str]:
    """Return the columns a list shows when nobody chose, without those hidden from this post."""
    raise NotImplementedError


def check(condition: Condition) -> Condition:
    """Return the condition in its normal spelling, or refuse: unknown field, hidden field …"""
    raise NotImplementedError


def narrowed(condition: Condition, where: Node) -> Condition:
    """Return the condition and one thing more."""
    raise NotImplementedError


def condition_text(condition: Condition) -> str:
    """Say the condition in canonical Chinese."""
    raise NotImplementedError


def read_text(subject: str, text: str) -> Condition:
    """Read canonical Chinese back, or refuse with the place where it stops making sense."""
    raise NotImplementedError


def condition_json(condition: Condition) -> dict[str, Any]:
    """Return the condition for a URL, a saved report or the API."""
    raise NotImplementedError


def read_json(data: Mapping[str, Any]) -> Condition:
    """Read a condition from JSON, or refuse."""
    raise NotImplementedError
