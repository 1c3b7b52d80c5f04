"""From a condition to DuckDB over the snapshot, with the scope added in the same place.

SQL knows a third answer, NULL, and conditions do not: where a comparison is reversed it is made
false first. Elsewhere NULL and false keep the same rows, and the plain comparison is the faster.
"""

from __future__ import annotations

import threading
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from linli.core.fields import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Dictionary,
    Field,
    Has,
    Kind,
    Node,
    Not,
    Op,
)
from linli.core.paths import path_after
from linli.core.scope import Scope, current_scope
from linli.workbench.conditions.compilers.orm_compiler import WORDS
from linli.workbench.conditions.evaluation.blanks import recorded
from linli.workbench.conditions.evaluation.python_evaluator import with_base
from linli.workbench.conditions.snapshot import Snapshot

SIGNS = {Op.EQ: "=", Op.LT: "<", Op.LE: "<=", Op.GT: ">", Op.GE: ">="}
# Larger files are read where they stand; smaller ones are held in memory.
LARGEST_IN_MEMORY = 64 * 1024 * 1024

_opened: dict[str, duckdb.DuckDBPyConnection] = {}
_lock = threading.Lock()


def snapshot_connection(snapshot: Snapshot) -> duckdb.DuckDBPyConnection:
    """Return a connection of this thread on the snapshot; an older one is let go."""
    name = str(snapshot.folder)
    with _lock:
        if name not in _opened:
            # Not closed: another thread may still be reading the older one.
            _opened.clear()
            _opened[name] = _open(snapshot)
        # A connection of DuckDB is for one thread; a cursor is another one on the same data.
        return _opened[name].cursor()


def _open(snapshot: Snapshot) -> duckdb.DuckDBPyConnection:
    db = duckdb.connect()
    for file in sorted(snapshot.folder.glob("*.parquet")):
        held = file.stat().st_size <= LARGEST_IN_MEMORY
        _load(db, file, "TABLE" if held else "VIEW")
    return db


def _load(db: duckdb.DuckDBPyConnection, file: Path, how: str) -> None:
    # CREATE takes no parameters.
    where = str(file).replace("'", "''")
    db.execute(f"CREATE {how} \"{file.stem}\" AS FROM read_parquet('{where}')")


class Sql:
    """A piece of SQL with its parameters, in order."""

    def __init__(self, text: str, *params: Any) -> None:
        self.text, self.params = text, params

    def __repr__(self) -> str:
        return f"Sql({self.text!r}, {self.params!r})"


def joined(word: str, parts: list[Sql]) -> Sql:
    """Join pieces with AND, OR or a comma."""
    text = f" {word} ".join(part.text for part in parts)
    return Sql(f"({text})", *(value for part in parts for value in part.params))


def where_sql(condition: Condition, dictionary: Dictionary, today: date) -> Sql:
    """Return the whole WHERE of a condition in the active scope; the rows are called t0."""
    subject = dictionary.subject(condition.subject)
    compiler = Compiler(dictionary, today, current_scope())
    asked = recorded(condition.where, subject.key, dictionary)
    where = compiler.node(with_base(subject, asked), subject.key, 0)
    return joined("AND", [compiler.scoped(0), where])


def ids(condition: Condition, dictionary: Dictionary, today: date, snapshot: Snapshot) -> list[int]:
    """Return the ids for which the condition holds, ascending."""
    where = where_sql(condition, dictionary, today)
    sql = f'SELECT id FROM "{condition.subject}" t0 WHERE {where.text} ORDER BY id'  # noqa: S608
    return [
        row[0] for row in snapshot_connection(snapshot).execute(sql, list(where.params)).fetchall()
    ]


class Compiler:
    """Compiles nodes; ``depth`` names the table a node is about."""

    def __init__(self, dictionary: Dictionary, today: date, scope: Scope) -> None:
        self.dictionary, self.today, self.scope = dictionary, today, scope

    def scoped(self, depth: int) -> Sql:
        """Return the condition that a row lies in the scope."""
        if self.scope.everything:
            return Sql("TRUE")
        return self._below(depth, self.scope.paths) if self.scope.paths else Sql("FALSE")

    def node(self, node: Node, subject: str, depth: int, *, reversed_: bool = False) -> Sql:
        """Compile one node."""
        match node:
            case AllOf(parts) | AnyOf(parts):
                if not parts:
                    return Sql("TRUE")
                word = "AND" if isinstance(node, AllOf) else "OR"
                inner = [self.node(part, subject, depth, reversed_=reversed_) for part in parts]
                return joined(word, inner)
            case Not(part):
                inner_sql = self.node(part, subject, depth, reversed_=not reversed_)
                return Sql(f"NOT {inner_sql.text}", *inner_sql.params)
            case Has(key, where, at_least):
                # EXISTS and counts are never NULL, so nothing inside them counts as reversed.
                return self._has(subject, key, where, at_least, depth)
            case Compare(key, op, value):
                field = self.dictionary.field(subject, key)
                if field.rewrite is not None:
                    again = field.rewrite(op, value, self.today)
                    return self.node(again, subject, depth, reversed_=reversed_)
                inner_sql = self._stored(field, op, value, depth)
                return (
                    Sql(f"coalesce({inner_sql.text}, FALSE)", *inner_sql.params)
                    if reversed_
                    else inner_sql
                )

    def _has(self, subject: str, key: str, where: Node, at_least: int, depth: int) -> Sql:
        relation = self.dictionary.subject(subject).relation(key)
        if relation is None:
            raise KeyError(key)
        target = self.dictionary.subject(relation.target)
        own = relation.link_key if relation.target == subject else "id"
        inner = joined(
            "AND",
            [
                Sql(f't{depth + 1}."{relation.link_key}" = t{depth}."{own}"'),
                self.scoped(depth + 1),
                self.node(with_base(target, where), target.key, depth + 1),
            ],
        )
        rows = f'FROM "{target.key}" t{depth + 1} WHERE {inner.text}'
        if at_least == 1:
            return Sql(f"EXISTS (SELECT 1 {rows})", *inner.params)
        return Sql(f"((SELECT count(*) {rows}) >= ?)", *inner.params, at_least)

    def _below(self, depth: int, paths: tuple[str, ...]) -> Sql:
        column = f"t{depth}.scope_path"
        ranges = [
            Sql(f"({column} >= ? AND {column} < ?)", path, path_after(path)) for path in paths
        ]
        return joined("OR", ranges)

    def _stored(self, field: Field, op: Op, value: Any, depth: int) -> Sql:
        if field.kind is Kind.PLACE:
            return self._below(depth, value if isinstance(value, tuple) else (value,))
        if field.sealed:
            value = field.index(value) if field.index and value is not None else value
            if op is Op.EQ and not value:
                return Sql("FALSE")
        return compared(f't{depth}."{field.key}"', field, op, value, self.today)


def compared(column: str, field: Field, op: Op, value: Any, today: date) -> Sql:
    """Return one comparison of one column."""
    match op:
        case Op.KNOWN if field.kind in WORDS:
            return Sql(f"({column} <> '')")
        case Op.KNOWN:
            return Sql(f"({column} IS NOT NULL)")
        case Op.BETWEEN:
            return Sql(f"({column} BETWEEN ? AND ?)", *value)
        case Op.IN:
            return Sql(f"({column} IN ({', '.join('?' * len(value))}))", *value)
        case Op.CONTAINS:
            return Sql(f"contains({column}, ?)", value)
        case Op.WITHIN:
            return Sql(f"({column} BETWEEN ? AND ?)", today - timedelta(days=value), today)
        case Op.COMING:
            return Sql(f"({column} BETWEEN ? AND ?)", today, today + timedelta(days=value))
    return Sql(f"({column} {SIGNS[op]} ?)", value)
