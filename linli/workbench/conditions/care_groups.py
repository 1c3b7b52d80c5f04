"""Care groups whose rule a subdistrict changes or adds, dated: fields and reasons made of them.

A built-in group has its rule in ``register/people/care_kinds.py``; a subdistrict may give another
from a day on. An own group is a condition with a name. Both are fields worked out from stored
facts, so that every engine, list and figure follows the rule of its day, and nothing is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from linli.core.fields import (
    DICTIONARY,
    NOT_ASKED,
    PERSON,
    AllOf,
    AnyOf,
    Compare,
    Dictionary,
    Field,
    Kind,
    Node,
    Not,
    Op,
    Sensitivity,
    all_of,
    any_of,
    fields_asked,
)
from linli.core.fields.field import Derive, Row
from linli.core.time.ages import age_on
from linli.core.words import Said
from linli.register.people.care_kinds import GROUP_FACTS, VERY_OLD, VERY_OLD_FROM, CareKind, Says
from linli.workbench.conditions.evaluation.blanks import recorded
from linli.workbench.conditions.evaluation.python_evaluator import is_recorded
from linli.workbench.conditions.text import json_codec

OWN_GROUP, NEW_GROUP = "own", "new"


@dataclass(frozen=True)
class ChangeableGroup:
    """A built-in group whose age a subdistrict may set, and whether only those alone are meant."""

    kind: CareKind
    age: int


CHANGEABLE: dict[str, ChangeableGroup] = {VERY_OLD.key: ChangeableGroup(VERY_OLD, VERY_OLD_FROM)}


@dataclass(frozen=True)
class GroupRule:
    """The rule of a group from a day on: the people for whom ``where`` holds, and why in words."""

    since: date | None
    where: Node
    says: str
    age: int | None = None
    alone: bool = False


def rule_of_age(age: int, *, alone: bool, since: date | None = None) -> GroupRule:
    """Return a rule of a bound of age, of everybody or of those who live alone."""
    old = Compare("age", Op.GE, age)
    where = all_of(old, Compare("lives_alone", Op.EQ, True)) if alone else old
    return GroupRule(
        since,
        where,
        Said("≥%(age)s岁，独居", age=age) if alone else Said("≥%(age)s岁", age=age),
        age,
        alone,
    )


def default_rule(key: str) -> GroupRule:
    """Return the rule that stands in the product."""
    return rule_of_age(CHANGEABLE[key].age, alone=False)


def rules_of(group: str, versions: Iterable[Mapping[str, Any]]) -> list[GroupRule]:
    """Return the rules of a group by the day they hold from, those taken back left out."""
    rules = [default_rule(group)] if group in CHANGEABLE else []
    kept = [version for version in versions if not version.get("taken_back")]
    # Of two for one day the later said one holds: the sort is stable.
    return rules + [_read(version) for version in sorted(kept, key=lambda one: one["from"])]


def _read(version: Mapping[str, Any]) -> GroupRule:
    since = date.fromisoformat(version["from"])
    if "age" in version:
        return rule_of_age(version["age"], alone=version["alone"], since=since)
    condition = json_codec.from_json(version["condition"], DICTIONARY)
    return GroupRule(since, condition.where, version["says"])


def in_force(rules: Sequence[GroupRule], day: date) -> GroupRule | None:
    """Return the rule of a day; None before an own group begins."""
    holding = [rule for rule in rules if rule.since is None or rule.since <= day]
    return holding[-1] if holding else None


NOBODY = Not(AllOf())


def group_field(key: str, label: str, rules: Sequence[GroupRule], **more: Any) -> Field:
    """Return a group as a yes-or-no fact that follows the rule of the day it is asked on."""

    def derive(row: Row, today: date) -> bool | None:
        rule = in_force(rules, today)
        return is_recorded(rule.where, PERSON, row, DICTIONARY, today) if rule else False

    def rewrite(op: Op, value: Any, today: date) -> Node:
        rule = in_force(rules, today)
        yes = recorded(rule.where, PERSON, DICTIONARY) if rule else NOBODY
        no = recorded(Not(rule.where), PERSON, DICTIONARY) if rule else AllOf()
        if op is Op.KNOWN:
            return any_of(yes, no)
        return yes if value else no

    asked = set().union(*(fields_asked(rule.where) for rule in rules))
    more.setdefault("sensitivity", _sensitivity(asked))
    return Field(
        key=key,
        label=label,
        kind=Kind.FLAG,
        subject=PERSON,
        needs=needs_of(asked),
        derive=derive,
        rewrite=rewrite,
        negative=f"非{label}",
        silence=NOT_ASKED,
        says=says_of(derive, rules),
        **more,
    )


def needs_of(keys: Iterable[str]) -> tuple[str, ...]:
    """Return the stored facts that some facts rest on."""
    fields = [DICTIONARY.field(PERSON, key) for key in keys]
    return tuple(sorted({need for field in fields for need in field.needs or (field.key,)}))


def _sensitivity(keys: Iterable[str]) -> Sensitivity:
    care = any(
        DICTIONARY.field(PERSON, key).sensitivity is Sensitivity.CARE
        for key in {*keys, *needs_of(keys)}
    )
    return Sensitivity.CARE if care else Sensitivity.INTERNAL


def may_be_asked_of_a_group(where: Node) -> list[str]:
    """Return the facts of a condition that no group may rest on: not loaded where people are shown.

    Another group is one too, or two rules could rest on each other.
    """
    if not is_flat(where):
        return ["住在一起的人"]
    asked = fields_asked(where)
    return [
        DICTIONARY.field(PERSON, key).label if DICTIONARY.has(PERSON, key) else key
        for key in sorted(asked)
        if key in CHANGEABLE
        or not DICTIONARY.has(PERSON, key)
        or not set(needs_of([key])) <= set(GROUP_FACTS)
    ]


def is_flat(node: Node) -> bool:
    """Does a condition ask of the person alone?"""
    match node:
        case AllOf(parts) | AnyOf(parts):
            return all(map(is_flat, parts))
        case Not(part):
            return is_flat(part)
    return isinstance(node, Compare)


def says_of(derive: Derive, rules: Sequence[GroupRule]) -> Says:
    """Return the reason why somebody is in a group, as the care kinds give it; "" for not."""

    def says(*, row: Row, today: date) -> str:
        rule = in_force(rules, today)
        if rule is None or not derive(row, today):
            return ""
        age: str = ""
        if rule.age is not None:
            age = Said("%(n)s岁", n=age_on(row["birth_date"], today))
        if not rule.since:
            return Said("%(age)s（%(rule)s）", age=age, rule=rule.says)
        since = rule.since.isoformat()
        return Said(
            "%(age)s（%(rule)s；本街道%(since)s起的规则）", age=age, rule=rule.says, since=since
        )

    return says


Groups = Mapping[CareKind, Says]


def groups_of(words: Dictionary) -> Groups:
    """Return the changed and own groups of a dictionary with their reasons."""
    return {
        CareKind(field.key, field.label): field.says
        for field in words.fields_of(PERSON)
        if field.says is not None
    }
