"""Whom a form is about, proposed from its title and its headings; a worker confirms or corrects."""

from __future__ import annotations

import re
from typing import Any

from linli.capabilities.form_filling.reading.form import Form
from linli.capabilities.form_filling.reading.subjects import FACILITY, HOUSEHOLD
from linli.core.errors import Refused
from linli.core.fields import PERSON, Compare, Condition, Kind, Node, Op, all_of
from linli.register.people.terms import Relation
from linli.workbench.conditions import queries
from linli.workbench.conditions.own_fields import dictionary

# What a title says besides whom it is about.
PAPER = re.compile(
    r"(基本)?(情况|信息)?(登记|汇总|统计|一览|摸底|排查|申报|调查|备案)?(表|花名册|名册|名单|台账|清单)"
    r"|\d{4}年度?|\d{1,2}月份?|第?[一二三四1-4]季度|[（(].*?[）)]|附件\d*[：:]?"
)
# A form that asks for one of these is about those who have it.
TELLING = ("disability_kind", "disability_level", "due_date", "chronic_illness", "care_level")


# What a title or a heading says of the kind of facility.
KINDS = ("消防设备", "电梯", "充电桩", "健身器材", "监控", "储备物资")


def proposed_condition(form: Form, name: str) -> dict[str, Any] | None:
    """Return whom or what a list is about as JSON, None when nothing says so."""
    if not form.subject:
        return None
    # The title first, then the file's name; headings say least and come last.
    parts, unread = _said_by(form, form.title)
    if not parts:
        parts, unread = _said_by(form, name)
    if not parts:
        parts, unread = _asked_by(form), ()
    if _asks_heads(form):
        parts.append(Compare("relation_to_head", Op.EQ, Relation.HEAD.value))
    if not parts:
        return None
    try:
        # What a title says besides stands among what is proposed: who confirms it is told.
        proposed = Condition(form.subject, all_of(*parts), unread)
        return queries.condition_json(queries.check(proposed))
    except Refused:
        return None  # a post that may not ask this proposes nothing


def _said_by(form: Form, title: str) -> tuple[list[Node], tuple[str, ...]]:
    """Return what a title says of the rows of a form, and its words that were not understood."""
    words = PAPER.sub("", title).strip()
    if not words:
        return [], ()
    question = queries.ask(words)
    subject = question.condition.subject
    where = [
        chip.where
        for chip in question.chips
        if not chip.note and not _is_place(subject, chip.where)
    ]
    if subject == HOUSEHOLD and _asks_heads(form):
        where = [mine for one in where if (mine := _of_their_household(one)) is not None]
    elif subject != form.subject:
        where = []
    return where, question.unknown


def _of_their_household(where: Node) -> Node | None:
    """Return what is said of a household as a fact of those who live in it."""
    if isinstance(where, Compare) and dictionary().has(PERSON, f"{HOUSEHOLD}_{where.field}"):
        return Compare(f"{HOUSEHOLD}_{where.field}", where.op, where.value)
    return None


def _is_place(subject: str, where: Node) -> bool:
    if not isinstance(where, Compare):
        return False
    return dictionary().field(subject, where.field).kind is Kind.PLACE


def _asks_heads(form: Form) -> bool:
    """Is each row the head of a household: 户主姓名, and no other name?"""
    return form.subject == PERSON and any(
        "name" in heading.fields and "户主" in heading.text for heading in form.headings
    )


def _asked_by(form: Form) -> list[Node]:
    if form.subject == FACILITY:
        words = "".join([form.title, *(heading.text for heading in form.headings)])
        kind = next((one for one in KINDS if one[:2] in words), "")
        return [Compare("kind", Op.EQ, kind)] if kind else []
    if form.subject != PERSON:
        return []
    keys = {key for heading in form.headings for key in heading.fields}
    telling = next((key for key in TELLING if key in keys), "")
    return [Compare(telling, Op.KNOWN)] if telling else []
