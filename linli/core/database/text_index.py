"""Finding words in Chinese text, two characters long as well, on both databases.

A table with a ``search_text`` column (tokens, see ``chinese/search.py``) gets an index: FTS5 on
SQLite, kept by triggers; GIN over ``to_tsvector('simple')`` on PostgreSQL. Like the triggers of
paths they are made after every migration, because SQLite loses triggers when it rebuilds a table.
Ask with ``rows.filter(search_text__finds="东方")``: the manager's scope still decides which rows.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Lookup

from linli.core.chinese.search import fts5_query, tsquery
from linli.core.scope import ScopedModel, scoped_models

COLUMN = "search_text"


@models.TextField.register_lookup
class Finds(Lookup):
    """Every word that is asked for stands in the text; nothing asked finds nothing."""

    lookup_name = "finds"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Ask the index for keys: the row is one of them."""
        lhs: Any = self.lhs
        model = lhs.target.model
        alias = compiler.quote_name_unless_alias(lhs.alias)
        key = f"{alias}.{connection.ops.quote_name(_key(model))}"
        name = index_name(model)
        is_sqlite = connection.vendor == "sqlite"
        query = (fts5_query if is_sqlite else tsquery)(str(self.rhs))
        if not query:
            return "1 = 0", ()
        keys = f'SELECT rowid FROM "{name}" WHERE "{name}" MATCH %s'
        if not is_sqlite:
            keys = f'SELECT "{name}"(%s)'
        return f"{key} IN ({keys})", (query,)


def _key(model: type[models.Model]) -> str:
    pk: Any = model._meta.pk
    return str(pk.column)


def index_name(model: type[models.Model]) -> str:
    """Return the name of the index: a table on SQLite, a function on PostgreSQL."""
    return f"linli_words_{model._meta.db_table}"


def indexed_models() -> list[type[ScopedModel]]:
    """Return the scoped models that can be searched for words."""
    indexed = []
    for model in scoped_models():
        try:
            model._meta.get_field(COLUMN)
        except FieldDoesNotExist:
            continue
        indexed.append(model)
    return indexed


def for_sqlite(model: type[ScopedModel]) -> list[str]:
    """Return the table of words, the triggers that keep it, and the first filling."""
    table, name, key = model._meta.db_table, index_name(model), _key(model)
    # The index holds no text of its own: to forget a row it must be given the old one.
    leave = f'INSERT INTO "{name}"("{name}", rowid, {COLUMN}) VALUES (\'delete\', '
    leave += f"OLD.{key}, OLD.{COLUMN});"
    enter = f'INSERT INTO "{name}"(rowid, {COLUMN}) VALUES (NEW.{key}, NEW.{COLUMN});'
    changed = f"WHEN OLD.{COLUMN} IS NOT NEW.{COLUMN}"
    parts = {
        "insert": ("AFTER INSERT", "", enter),
        "delete": ("AFTER DELETE", "", leave),
        "update": (f"AFTER UPDATE OF {COLUMN}", changed, leave + enter),
    }
    statements = [
        f'CREATE VIRTUAL TABLE IF NOT EXISTS "{name}" USING fts5({COLUMN},'
        f" content='{table}', content_rowid='{key}')"
    ]
    for verb, (when, only, body) in parts.items():
        statements.append(f'DROP TRIGGER IF EXISTS "{name}_{verb}"')
        statements.append(
            f'CREATE TRIGGER "{name}_{verb}" {when} ON "{table}" {only} BEGIN {body} END'
        )
    return [*statements, f'INSERT INTO "{name}"("{name}") VALUES (\'rebuild\')']


def for_postgresql(model: type[ScopedModel]) -> list[str]:
    """Return the GIN index and the function that asks it.

    The function works as its owner: row-level security would otherwise read every text instead
    of the index. It gives out keys only, and those are filtered by scope like any others.
    """
    table, name = model._meta.db_table, index_name(model)
    vector = f"to_tsvector('simple', {COLUMN})"
    return [
        f'CREATE INDEX IF NOT EXISTS "{name}_gin" ON "{table}" USING gin ({vector})',
        f'CREATE OR REPLACE FUNCTION "{name}"(asked text) RETURNS SETOF bigint LANGUAGE sql'
        # A fixed search_path: whoever calls must not put a table of their own in the way.
        " STABLE SECURITY DEFINER SET search_path = public, pg_temp AS"
        f' $body$ SELECT {_key(model)} FROM "{table}" WHERE {vector}'
        " @@ to_tsquery('simple', asked) $body$",
    ]


def missing(connection: Any) -> list[str]:
    """Return the tables whose words are not indexed, or no longer kept."""
    from linli.core.database import raw_sql

    ask = {
        "sqlite": "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name = %s",
        "postgresql": "SELECT proname FROM pg_proc WHERE proname = %s",
    }[connection.vendor]
    suffix = "_update" if connection.vendor == "sqlite" else ""
    there = {model._meta.db_table for model in raw_sql.scoped_tables(connection)}
    return [
        model._meta.db_table
        for model in indexed_models()
        if model._meta.db_table in there
        and not raw_sql.run(ask, [index_name(model) + suffix], reason="is the index of words there")
    ]


def put_up(connection: Any) -> None:
    """Make every index that is missing and fill it from the table."""
    from linli.core.database import raw_sql

    make = for_sqlite if connection.vendor == "sqlite" else for_postgresql
    tables = set(missing(connection))
    for model in indexed_models():
        if model._meta.db_table in tables:
            raw_sql.change_shape(connection, make(model))


def forget_deleted(connection: Any) -> None:
    """Write the index anew without the words of rows that are gone: until then they only hide.

    PostgreSQL cleans its own index when it vacuums the table.
    """
    from linli.core.database import raw_sql

    if connection.vendor != "sqlite":
        return
    there = {model._meta.db_table for model in raw_sql.scoped_tables(connection)}
    for model in indexed_models():
        if model._meta.db_table in there:
            name = index_name(model)
            sql = f'INSERT INTO "{name}"("{name}") VALUES (\'optimize\')'
            raw_sql.run(sql, reason="deleted words leave the index")
