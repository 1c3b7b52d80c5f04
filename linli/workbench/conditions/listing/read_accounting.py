"""Whose values a list shows: noted on the reader's account before any of them is shown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from linli.core.fields import (
    HOUSEHOLD,
    PERSON,
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Dictionary,
    Has,
    Kind,
    Node,
    Not,
    Op,
    Sensitivity,
)
from linli.core.personal_data.masking import STAR
from linli.register.people.models import Household
from linli.workbench.conditions.places import NamesInScope
from linli.workbench.conditions.text import json_codec, text_writer
from linli.workbench.read_budget.actions import ListOf, note_read


def people_of(subject: str, ids: Sequence[int]) -> list[int]:
    """Return who stands on a list: its people, the heads of its households."""
    if subject == PERSON:
        return list(ids)
    if subject == HOUSEHOLD:
        rows = Household.objects.filter(pk__in=ids, head__isnull=False)
        return list(rows.values_list("head_id", flat=True))
    return []


def note_list(condition: Condition, ids: Sequence[int], total: int, dictionary: Dictionary) -> None:
    """Note the people of a list or of a page of it, and the list itself in the journal."""
    if condition.subject not in (PERSON, HOUSEHOLD):
        return
    key = json.dumps(json_codec.to_json(condition), ensure_ascii=False, sort_keys=True)
    listed = ListOf(
        f"condition {key}", lambda: condition_without_values(condition, dictionary), total
    )
    note_read(people_of(condition.subject, ids), listed=listed)


def condition_without_values(condition: Condition, dictionary: Dictionary) -> str:
    """Say a condition without what was typed into it about somebody: names, numbers, addresses."""
    where = _covered(condition.where, condition.subject, dictionary)
    # A word that was not understood may be somebody's name.
    covered = Condition(condition.subject, where, (STAR * 3,) if condition.unread else ())
    return text_writer.text_of(covered, dictionary, NamesInScope()) or _("全部")


def _covered(node: Node, subject: str, dictionary: Dictionary) -> Node:
    match node:
        case AllOf(parts):
            return AllOf(tuple(_covered(part, subject, dictionary) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(_covered(part, subject, dictionary) for part in parts))
        case Not(part):
            return Not(_covered(part, subject, dictionary))
        case Has(key, where, _at_least):
            target = dictionary.subject(subject).relation(key)
            if target is None:
                return node
            return replace(node, where=_covered(where, target.target, dictionary))
        case Compare(key, _op, value):
            field = dictionary.field(subject, key)
            if value is not None and field.kind is Kind.TEXT:
                stars = STAR * 3
                covered = tuple(stars for _one in value) if isinstance(value, tuple) else stars
                return replace(node, value=covered)
            if value is not None and field.sensitivity is Sensitivity.PERSONAL:
                return Compare(key, Op.KNOWN)
    return node
