"""What is covered or hidden answers nothing: no count, list, order, group or "has" of it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from linli.core.errors import Refused
from linli.core.fields import DICTIONARY, EVERYONE, Compare, Condition, Field, Has, Kind, Not, Op
from linli.core.scope import Scope, use_scope
from linli.register.posts.rules import TABLE, Access
from linli.workbench.conditions import access, queries
from linli.workbench.conditions.own_fields import read_once
from tests.conditions.town import TOWN, Town

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
CLOSED = ("condition.hidden", "condition.masked", "condition.unknown_field")
ROLES = sorted(set(TABLE) - {"system"})
VALUES: dict[Kind, Any] = {
    Kind.NUMBER: 1,
    Kind.DATE: date(1941, 4, 15),
    Kind.FLAG: True,
    Kind.TEXT: "13800000000",
}


def value_of(one: Field, op: Op) -> Any:
    value = one.choices[0].value if one.choices else VALUES.get(one.kind, TOWN)
    if one.kind is Kind.NUMBER:
        value = one.lowest or 1
    if op in (Op.WITHIN, Op.COMING):
        return 30
    return {Op.KNOWN: None, Op.BETWEEN: (value, value), Op.IN: (value,)}.get(op, value)


def closed(role: str, words: Any) -> Iterator[tuple[Field, Access]]:
    """Walk the dictionary: every field that this role sees covered or not at all."""
    for subject in words.subjects:
        for field in words.fields_of(subject.key, all=True):
            seen = access.access_to(field, role)
            if seen is not Access.OPEN:
                yield field, seen


def doors(one: Field, op: Op) -> Iterator[tuple[str, Callable[[], object]]]:
    """Return every way in which a question can use a field."""
    compare = Compare(one.key, op, value_of(one, op))
    plain, everybody = Condition(one.subject, compare), Condition(one.subject, EVERYONE)
    for name, where in (("as it is", compare), ("reversed", Not(compare))):
        condition = Condition(one.subject, where)
        yield f"count {name}", lambda c=condition: queries.count(c)
    yield "rows", lambda: queries.rows(plain)
    yield "lines", lambda: list(queries.lines(plain))
    yield "ids", lambda: queries.ids(plain)
    yield "check", lambda: queries.check(plain)
    yield "json", lambda: queries.read_json(queries.condition_json(plain))
    yield "cross of", lambda: queries.cross_tab(plain, "community")
    for subject in DICTIONARY.subjects:
        for relation in subject.relations:
            if relation.target == one.subject:
                inside = Condition(subject.key, Has(relation.key, compare))
                yield f"has {relation.key}", lambda c=inside: queries.count(c)
    if op is not Op.KNOWN:
        yield "sort", lambda: queries.rows(everybody, sort=one.key)
        yield "sort down", lambda: queries.ids(everybody, sort=f"-{one.key}")
        yield "cross rows", lambda: queries.cross_tab(everybody, one.key)
        yield "cross columns", lambda: queries.cross_tab(everybody, "community", one.key)


def answered(role: str, town: Town) -> list[str]:
    """Return every question that was not refused though the field is closed to the role."""
    found = []
    for one, seen in closed(role, town.words):
        # What is hidden is refused before anything is looked at: one question stands for all.
        ops = sorted(one.ops) if seen is Access.MASKED else sorted(one.ops)[:1]
        for op in ops:
            if seen is Access.MASKED and op is Op.KNOWN:
                continue  # the cover itself shows whether there is a value
            for name, ask in doors(one, op):
                try:
                    ask()
                except Refused as refused:
                    # An office's own field that is hidden does not even exist for this role.
                    if refused.code in CLOSED:
                        continue
                    # Refused for another reason before anything was read is as good.
                    if refused.code in ("list.sort", "spread.field", "condition.op"):
                        continue
                    raise
                found.append(f"{one.subject}.{one.key} {op} {name}")
    return found


@pytest.mark.parametrize("role", ROLES)
def test_what_is_closed_to_a_role_answers_at_no_door(town: Town, role: str) -> None:
    with use_scope(Scope((TOWN,), role)), read_once():
        assert answered(role, town) == []


def test_without_the_rule_covered_values_would_answer(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: with the one decision broken the walk above is full of answers."""
    monkeypatch.setattr(access, "may_be_asked", lambda **_given: True)
    with use_scope(Scope((TOWN,), "grid_worker")), read_once():
        found = answered("grid_worker", town)
    assert any("birth_date between" in one for one in found)
    assert any("identity_number eq" in one for one in found)
    assert any("phone eq" in one for one in found)


@pytest.mark.parametrize("role", ROLES)
def test_what_is_offered_is_what_may_be_asked(town: Town, role: str) -> None:
    with use_scope(Scope((TOWN,), role)):
        for subject in town.words.subjects:
            for field_offered in queries.fields_offered(subject.key):
                declared = town.words.field(subject.key, field_offered.key)
                is_open = access.access_to(declared, role) is Access.OPEN
                assert field_offered.masked != is_open
                if field_offered.masked:
                    assert not field_offered.sortable
                    assert not field_offered.spread
                    assert {op.op for op in field_offered.ops} <= {"known"}


def test_a_field_that_is_open_is_not_put_in_the_order_of_a_covered_one(town: Town) -> None:
    """Age is open; the day of birth would stand in the order of the list."""
    for subject in town.words.subjects:
        for field in town.words.fields_of(subject.key, all=True):
            column = field.order.removeprefix("-")
            behind = [
                other
                for other in town.words.fields_of(subject.key, all=True)
                if other.column and other.column == column
            ]
            for other in behind:
                covered = access.access_to(other, "secretary") is Access.MASKED
                own = access.access_to(field, "secretary") is Access.MASKED
                assert field.in_years or own or not covered, (subject.key, field.key)


def test_two_of_one_age_stand_in_the_order_of_the_register(town: Town) -> None:
    with use_scope(Scope((TOWN,), "secretary")):
        everybody = Condition("person", EVERYONE)
        for sort in ("age", "-age"):
            lines = list(queries.lines(everybody, columns=["age"], sort=sort))
            known = [(line.cells[0].value, line.id) for line in lines if line.cells[0].value]
            ages = [age for age, _id in known]
            assert ages == sorted(ages, reverse=sort.startswith("-"))
            for one, other in itertools.pairwise(known):
                if one[0] == other[0]:
                    assert (one[1] < other[1]) != sort.startswith("-")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("40后的居民", "出生年份在1940～1949年"),
        ("1944年出生的", "出生年份＝1944年"),
        ("1950年以前出生的党员", "出生年份≤1949年"),
        ("下个月满90的老人", "下月满岁数＝90岁"),
        ("下个月满80岁的居民", "下月满岁数＝80岁"),
    ],
)
def test_everyday_questions_about_births_still_work(town: Town, said: str, found: str) -> None:
    with use_scope(Scope((TOWN,), "grid_worker")):
        question = queries.ask(said)
        assert found in question.text
        assert not question.unknown
        queries.count(question.condition)


def test_days_of_birth_do_not(town: Town) -> None:
    with use_scope(Scope((TOWN,), "secretary")):
        with pytest.raises(Refused) as refused:
            queries.count(queries.ask("1944年3月8日出生的居民").condition)
        assert refused.value.code == "condition.masked"
        assert refused.value.hint


@pytest.mark.parametrize("role", ["property_manager", "micro_grid_lead"])
def test_children_below_14_are_listed_to_those_alone_who_serve_people(
    town: Town, role: str
) -> None:
    everybody = Condition("person", EVERYONE)
    with use_scope(Scope((TOWN,), "community_worker")):
        children = set(queries.ids(Condition("person", Compare("child", Op.EQ, True))))
        all_of_them = set(queries.ids(everybody))
    with use_scope(Scope((TOWN,), role)):
        assert children
        assert set(queries.ids(everybody)) == all_of_them - children
