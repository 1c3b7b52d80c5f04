"""May this reader know of a condition? One decision for every title, count and task made of it.

A saved list called after an illness, an alert before a birth, a canvass of some: where the
condition asks what the reader may not ask, neither its name nor its number is told. Whatever
stands for a condition (saved questions, rules, plans, canvasses, exports) asks here.

    may_know(report.condition, shows=report.columns, asks=[report.sort]) -> True or False
    known(rows, "condition", of=lambda row: may_know(row["condition"])) -> the rows one may know of
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django.db import models

from linli.core.errors import Refused
from linli.core.fields import EVERYONE, PERSON, Dictionary, Field, Node
from linli.core.scope import current_scope
from linli.register.posts.permits import SYSTEM
from linli.register.posts.rules import CARE, Access, access
from linli.workbench.conditions.access import access_to, check_access, is_askable
from linli.workbench.conditions.own_fields import dictionary
from linli.workbench.conditions.places import NamesInScope
from linli.workbench.conditions.text import json_codec, text_parser

M = TypeVar("M", bound=models.Model)
EVERYBODY = ("", "全部")


def may_know(
    condition: Mapping[str, Any] | None,
    *,
    asks: Iterable[str] = (),
    shows: Iterable[str] = (),
    counts_from: Iterable[str] = (),
    role: str = "",
) -> bool:
    """May a role, or the active one, know that there is such a condition?

    ``asks`` are fields that are sorted or compared beside it, ``shows`` those of its columns,
    ``counts_from`` the dates from which a rule counts its days. A condition that nobody can read
    any more is known only to those from whom no care is hidden.
    """
    role = role or current_scope().role
    if role == SYSTEM:
        return True
    words = dictionary()
    subject = str((condition or {}).get("subject", PERSON))
    try:
        where = json_codec.from_json(condition, words).where if condition else EVERYONE
        compared = [words.field(subject, key.removeprefix("-")) for key in asks if key]
        shown = [words.field(subject, key) for key in shows]
        days = [words.field(subject, key) for key in counts_from if key]
    except Refused:
        return sees_care(role)
    return (
        may_ask(where, subject, words, role)
        and all(is_askable(one, role) for one in compared)
        and all(access_to(one, role) is not Access.HIDDEN for one in shown)
        and all(may_count_from(day, role) for day in days)
    )


def may_ask(where: Node, subject: str, words: Dictionary, role: str) -> bool:
    """May this role ask everything that a condition asks?"""
    try:
        check_access(where, subject, words, role)
    except Refused:
        return False
    return True


def may_count_from(field: Field, role: str) -> bool:
    """May a rule count days from this date for a role, and so tell it the day?

    Who turns eighty in which month is told to those who give care, though the day is covered.
    """
    seen = access_to(field, role)
    return seen is Access.OPEN or (seen is Access.MASKED and sees_care(role))


def may_know_said(subject: str, said: str) -> bool:
    """May the reader know of a condition of which only its canonical text was kept?"""
    role, words = current_scope().role, dictionary()
    if role == SYSTEM or said in EVERYBODY:
        return True
    try:
        condition = text_parser.condition_of(subject, said, words, NamesInScope())
    except Refused:
        return sees_care(role)
    return may_ask(condition.where, subject, words, role)


def sees_care(role: str) -> bool:
    """Is no care data hidden from this role?"""
    return role == SYSTEM or access(role=role, sensitivity=CARE) is Access.OPEN


def known(
    rows: models.QuerySet[M], *columns: str, of: Callable[[dict[str, Any]], bool]
) -> models.QuerySet[M]:
    """Leave out the rows that the reader may not know of; ``of`` judges one by its columns."""
    if current_scope().role == SYSTEM:
        return rows
    judged = rows.order_by().values("pk", *columns)
    unknown = [row["pk"] for row in judged if not of(row)]
    return rows.exclude(pk__in=unknown) if unknown else rows
