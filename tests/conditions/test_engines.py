"""Every engine gives the same rows: the ORM, DuckDB over the snapshot, and plain Python."""

from __future__ import annotations

from pathlib import Path

import pytest
import time_machine
from django.db import connection
from hypothesis import HealthCheck, given, settings

from linli.core.fields import AllOf, AnyOf, Compare, Condition, Dictionary, Has, Node, Not, Op
from linli.core.scope import Scope, use_scope
from linli.workbench.conditions.compilers import duckdb_compiler, orm_compiler
from linli.workbench.conditions.evaluation.blanks import not_recorded, says_none, target_of
from linli.workbench.conditions.evaluation.python_evaluator import _RowEvaluator, holds, with_base
from linli.workbench.conditions.snapshot import Snapshot, refresh
from tests.conditions.strategies import TODAY, conditions
from tests.conditions.town import DONG, TOWN, YIN, Town
from tests.examples import examples

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]

SCOPES = {
    "the whole town": Scope((TOWN,), "subdistrict_officer"),
    "one community": Scope((YIN,), "secretary"),
    "two buildings": Scope((f"{YIN}001/001/", f"{DONG}002/003/"), "grid_worker"),
    "one entrance": Scope((f"{YIN}001/001/001/",), "micro_grid_lead"),
    "nothing": Scope((), "none"),
}


def by_hand(town: Town, condition: Condition, scope: Scope) -> set[int]:
    def related(subject, row, key):  # type: ignore[no-untyped-def]
        return [one for one in town.related(subject, row, key) if scope.holds(one["scope_path"])]

    return {
        row["id"]
        for row in town.rows[condition.subject]
        if scope.holds(row["scope_path"])
        and holds(condition, row, dictionary=town.words, today=TODAY, related=related)
    }


def plainly(town: Town, condition: Condition, scope: Scope) -> set[int]:
    """Return whom two answers find: a comparison with a blank is false, its reverse true."""
    of = town.words.subject(condition.subject)
    where = with_base(of, condition.where)
    judge = _RowEvaluator(
        town.words,
        TODAY,
        lambda subject, row, key: [
            one for one in town.related(subject, row, key) if scope.holds(one["scope_path"])
        ],
    )
    rows = [row for row in town.rows[of.key] if scope.holds(row["scope_path"])]
    return {row["id"] for row in rows if judge.answer(where, of.key, row)}


def asks_none(node: Node, subject: str, words: Dictionary) -> bool:
    """Is a recorded "no" compared anywhere: to it two answers never gave the blanks?"""
    match node:
        case AllOf(parts) | AnyOf(parts):
            return any(asks_none(part, subject, words) for part in parts)
        case Not(part):
            return asks_none(part, subject, words)
        case Has(key, where, _):
            return asks_none(where, target_of(subject, key, words), words)
        case Compare(key, op, value):
            return says_none(words.field(subject, key), op, value)


def live(town: Town, condition: Condition) -> set[int]:
    return set(orm_compiler.queryset(condition, town.words, TODAY).values_list("pk", flat=True))


def columnar(town: Town, condition: Condition, snapshot: Snapshot) -> set[int]:
    return set(duckdb_compiler.ids(condition, town.words, TODAY, snapshot))


@pytest.mark.parametrize("subject", ["person", "household", "dwelling", "building"])
def test_every_engine_finds_the_same(subject: str, town: Town, tmp_path: Path) -> None:
    snapshot = refresh(tmp_path)
    found = 0

    @settings(
        max_examples=examples(60),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
    @given(conditions(subject, words=town.words, paths=town.paths))
    def check(condition: Condition) -> None:
        nonlocal found
        for name, scope in SCOPES.items():
            with use_scope(scope):
                judged = by_hand(town, condition, scope)
                found += len(judged)
                by_orm = live(town, condition)
                by_duckdb = columnar(town, condition, snapshot)
            assert by_orm == judged, f"{connection.vendor}, {name}"
            assert by_duckdb == judged, f"duckdb, {name}"
        check_blanks(condition)

    def check_blanks(condition: Condition) -> None:
        """Who is left out for a blank, and who is not, are together who two answers would find."""
        missed = not_recorded(condition.where, subject, town.words)
        if missed is None or asks_none(condition.where, subject, town.words):
            return
        scope, beside = SCOPES["the whole town"], Condition(subject, missed)
        with use_scope(scope):
            recorded = live(town, condition)
            blank = live(town, beside)
            assert blank == by_hand(town, beside, scope) == columnar(town, beside, snapshot)
            assert not recorded & blank
            assert recorded | blank == plainly(town, condition, scope)

    check()
    assert found > 100, "the conditions found nobody: nothing was compared"


def test_a_missing_value_is_false_and_its_reverse_true(town: Town, tmp_path: Path) -> None:
    snapshot = refresh(tmp_path)
    everyone = {row["id"] for row in town.rows["person"] if row["status"] == "current"}
    with use_scope(SCOPES["the whole town"]):
        for field in town.words.fields_of("person"):
            if Op.KNOWN not in field.ops:
                continue
            known = Condition("person", Compare(field.key, Op.KNOWN))
            missing = Condition("person", Not(Compare(field.key, Op.KNOWN)))
            for find in (live, lambda town, asked: columnar(town, asked, snapshot)):
                assert not find(town, known) & find(town, missing), field.key
                if field.key != "status":
                    assert find(town, known) | find(town, missing) == everyone, field.key


def test_nothing_in_the_snapshot_grows_old(town: Town, tmp_path: Path) -> None:
    """Somebody who turns 60 tomorrow is found tomorrow, by the snapshot of today."""
    snapshot = refresh(tmp_path)
    with use_scope(SCOPES["the whole town"]):
        for years in (0, 1, 4, 40):
            day = TODAY.replace(year=TODAY.year + years)
            older = Condition("person", Compare("age", Op.GE, 60))
            with time_machine.travel(day):
                by_orm = list(
                    orm_compiler.queryset(older, town.words, day).values_list("pk", flat=True)
                )
                assert duckdb_compiler.ids(older, town.words, day, snapshot) == by_orm
                assert by_orm


def test_control_a_forgotten_scope_would_be_noticed(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot, everyone = refresh(tmp_path), Condition("person", AllOf())
    scope = SCOPES["one community"]
    monkeypatch.setattr(
        duckdb_compiler.Compiler, "scoped", lambda self, depth: duckdb_compiler.Sql("TRUE")
    )
    with use_scope(scope):
        assert columnar(town, everyone, snapshot) > by_hand(town, everyone, scope)


def test_control_a_third_answer_would_be_noticed(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot, scope = refresh(tmp_path), SCOPES["the whole town"]
    # Of a fact whose blank is "no": elsewhere KNOWN stands beside.
    reversed_ = Condition("person", Not(Compare("last_contact_on", Op.WITHIN, 30)))
    node = duckdb_compiler.Compiler.node

    def forgetful(self, one, subject, depth, *, reversed_=False):  # type: ignore[no-untyped-def]
        return node(self, one, subject, depth)

    monkeypatch.setattr(duckdb_compiler.Compiler, "node", forgetful)
    with use_scope(scope):
        assert columnar(town, reversed_, snapshot) < by_hand(town, reversed_, scope)
