"""Can the tables be made here? Asked before the first of them, so that nothing ends half-way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps

from linli.core.database import raw_sql
from linli.core.errors import Refused

OLDEST = 150_000
_ASK = """
SELECT current_setting('server_version_num')::int, current_setting('server_encoding'),
  pg_is_in_recovery() OR current_setting('default_transaction_read_only')::bool,
  coalesce(has_schema_privilege(session_user, to_regnamespace('public')::oid, 'CREATE'), false),
  session_user, current_database(),
  (SELECT coalesce(json_agg(relname ORDER BY relname), '[]') FROM pg_class
    WHERE relname = ANY(%s) AND relkind = 'r' AND relnamespace = to_regnamespace('public')
      AND NOT pg_has_role(session_user, relowner, 'USAGE'))
"""


@dataclass(frozen=True)
class _Server:
    version: int
    encoding: str
    is_read_only: bool
    may_create: bool
    user: str
    database: str
    of_others: list[str]


def refuse_unready(connection: Any) -> None:
    """Refuse a PostgreSQL on which migrations would fail on the way; say which SQL to run."""
    tables = [model._meta.db_table for model in apps.get_models(include_auto_created=True)]
    found = _Server(
        *raw_sql.first_row(connection, _ASK, [tables], reason="can the tables be made here")
    )
    if found.version < OLDEST:
        raise Refused(
            "database.too_old",
            f"这台服务器是 PostgreSQL {found.version // 10_000}，邻里要 15 或更新",
            hint="换一台服务器，或升级 PostgreSQL；没有改动任何东西",
        )
    if found.encoding != "UTF8":
        raise Refused(
            "database.encoding",
            f"数据库 {found.database} 的编码是 {found.encoding}，存不下所有汉字",
            hint="请数据库管理员另建一个：CREATE DATABASE linli"
            f" OWNER \"{found.user}\" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';"
            "（或运行 deploy/postgresql/roles.sql）",
        )
    if found.is_read_only:
        raise Refused(
            "database.read_only",
            f"数据库 {found.database} 只能读",
            hint="它可能是备用服务器；让 DATABASE_URL 指向主服务器",
        )
    if not found.may_create:
        raise Refused(
            "database.no_create",
            f"{found.user} 不能在数据库 {found.database} 里建表",
            hint=f'请数据库管理员在这个库里执行：ALTER SCHEMA public OWNER TO "{found.user}";'
            "（或运行 deploy/postgresql/roles.sql）",
        )
    if found.of_others:
        raise _not_ours(found)


def _not_ours(found: _Server) -> Refused:
    table, user = found.of_others[0], found.user
    return Refused(
        "database.tables_of_others",
        f"数据库 {found.database} 里有 {len(found.of_others)} 张表不属于 {user}，例如 {table}",
        hint=f'请数据库管理员执行：ALTER TABLE "{table}" OWNER TO "{user}";（每张表一次），'
        "或换一个空的数据库",
    )


def refuse_without_schema(connection: Any, role: str) -> None:
    """Who does not own the schema grants nothing there, and PostgreSQL only warns."""
    asked = "SELECT has_schema_privilege(%s, 'public', 'USAGE')"
    if raw_sql.first_row(connection, asked, [role], reason="was the role given the schema")[0]:
        return
    raise Refused(
        "database.no_schema",
        f"角色 {role} 不能用 schema public",
        hint=f'请数据库管理员在这个库里执行：GRANT USAGE ON SCHEMA public TO "{role}";',
    )
