"""Rows come in one order, whatever the database: nothing is left to an engine or to chance.

SQLite puts what is empty first and PostgreSQL last; PostgreSQL compares texts as the language of
its server does, SQLite byte by byte; rows alike come as they lie. Then two pages of a list may show
a row twice and another never. So every ORDER BY, of a call or of a model, is completed where its
SQL is made: what is empty comes last, texts are compared byte by byte, the key decides in the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.exceptions import FieldError
from django.db.models import CharField, F, TextField
from django.db.models.expressions import Col, OrderBy
from django.db.models.functions import Collate, Random
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.constants import LOUTER

Pair = tuple[OrderBy, bool]

BYTES = "C"
_is_completed: ContextVar[bool] = ContextVar("is_completed", default=True)


def complete_every_order() -> None:
    """Complete ORDER BY wherever the ORM makes one."""
    made: Any = getattr(SQLCompiler, "_order_by_pairs")  # noqa: B009 - not known to its types

    def pairs(compiler: Any) -> Iterator[Pair]:
        found = list(made(compiler))
        yield from completed(compiler, found) if _is_completed.get() else found

    setattr(SQLCompiler, "_order_by_pairs", pairs)  # noqa: B010 - typed differently


@contextmanager
def order_left_to_the_engine_for_negative_control() -> Iterator[None]:
    """Prove that a test finds what is left to the engine."""
    token = _is_completed.set(False)
    try:
        yield
    finally:
        _is_completed.reset(token)


def completed(compiler: Any, found: list[Pair]) -> list[Pair]:
    """Complete what a query is ordered by; of combined queries each has its own columns."""
    if not found or compiler.query.combinator:
        return found
    return [*(_alike(compiler, *pair) for pair in found), *_last_key(compiler, found)]


def _alike(compiler: Any, order: Any, is_ref: bool) -> Pair:
    """Put what is empty last, and compare texts byte by byte."""
    if isinstance(order.expression, Random):
        return order, is_ref
    order = order.copy()
    if isinstance(order.expression, F):
        order = order.resolve_expression(compiler.query, allow_joins=True, reuse=None)
    source: Any = _source(order)
    if not (order.nulls_first or order.nulls_last or _is_never_empty(compiler, source)):
        # A query that is turned round has been turned here already.
        is_forward = compiler.query.standard_ordering
        order.nulls_last, order.nulls_first = is_forward or None, not is_forward or None
    if _needs_bytes(compiler, source):
        order.expression, is_ref = Collate(source, BYTES), False
    return order, is_ref


def _source(order: Any) -> Any:
    """Return what is compared; a place in the SELECT clause stands for what is selected there."""
    expression = order.expression
    return getattr(expression, "source", expression)


def _is_never_empty(compiler: Any, source: Any) -> bool:
    if not isinstance(source, Col) or source.target.null:
        return False
    table = compiler.query.alias_map.get(source.alias)
    return getattr(table, "join_type", None) != LOUTER


def _needs_bytes(compiler: Any, source: Any) -> bool:
    if compiler.connection.vendor != "postgresql" or isinstance(source, Collate):
        return False
    # DISTINCT ON wants the very columns that the order begins with.
    if compiler.query.distinct_fields:
        return False
    try:
        kind = source.output_field
    except (AttributeError, FieldError):
        return False
    is_text = isinstance(kind, CharField | TextField)
    return is_text and kind.db_parameters(compiler.connection).get("collation") != BYTES


def _last_key(compiler: Any, found: list[Pair]) -> Iterator[Pair]:
    """Let the key decide among rows alike, in the direction of what stands before it."""
    query, meta = compiler.query, compiler.query.get_meta()
    # Groups and distinct values have no key of their own.
    is_of_rows = not query.distinct or (query.default_cols and not query.distinct_fields)
    if meta is None or isinstance(query.group_by, tuple) or not is_of_rows:
        return
    table = query.get_initial_alias()
    for order, _ in found:
        column = _source(order)
        if isinstance(order.expression, Random) or _is_key(column, table):
            return
    yield OrderBy(meta.pk.get_col(table), descending=found[-1][0].descending), False


def _is_key(column: Any, table: str) -> bool:
    """Does no other row have this value?"""
    if isinstance(column, F):
        return getattr(column, "name", "") in ("pk", "id")
    if not isinstance(column, Col) or column.alias != table:
        return False
    return bool(column.target.unique) and not column.target.null
