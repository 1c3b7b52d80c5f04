"""Whom a form is about, proposed from its title and its headings; a worker confirms or corrects."""

from __future__ import annotations

import re
from typing import Any

from linli.capabilities.forms.reading.form import Form
from linli.core.errors import Refused
from linli.core.fields import PERSON, Compare, Condition, Kind, Node, Op, all_of
from linli.workbench.conditions import queries
from linli.workbench.conditions.own_fields import dictionary

# What a title says besides whom it is about.
PAPER = re.compile(
    r"(基本)?(情况|信息)?(登记|汇总|统计|一览|摸底|排查|申报|调查|备案)?(表|花名册|名册|名单|台账|清单)"
    r"|\d{4}年度?|\d{1,2}月份?|第?[一二三四1-4]季度|[（(].*?[）)]|附件\d*[：:]?"
)
# A form that asks for one of these is about those who have it.
TELLING = ("disability_kind", "disability_level", "due_date", "chronic_illness", "care_level")


def proposed_condition(form: Form, name: str) -> dict[str, Any] | None:
    """Return whom a list of people is about as JSON, None when nothing says so."""
    if form.subject != PERSON:
        return None
    parts = _said_by(form.title) or _said_by(name) or _asked_by(form)
    if not parts:
        return None
    try:
        return queries.condition_json(queries.check(Condition(PERSON, all_of(*parts))))
    except Refused:
        return None  # a post that may not ask this proposes nothing


def _said_by(title: str) -> list[Node]:
    words = PAPER.sub("", title).strip()
    if not words:
        return []
    question = queries.ask(words)
    if question.condition.subject != PERSON:
        return []
    return [chip.where for chip in question.chips if not chip.note and not _is_place(chip.where)]


def _is_place(where: Node) -> bool:
    if not isinstance(where, Compare):
        return False
    return dictionary().field(PERSON, where.field).kind is Kind.PLACE


def _asked_by(form: Form) -> list[Node]:
    keys = {key for one in form.headings for key in one.fields}
    telling = next((key for key in TELLING if key in keys), "")
    return [Compare(telling, Op.KNOWN)] if telling else []
