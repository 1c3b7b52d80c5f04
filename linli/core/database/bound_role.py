"""Do the policies bind the role that the product works as? Asked once on each new connection.

A role that is gone, a policy that was dropped or a right to pass them would show every row to
everybody, and nothing would fail. So the product refuses to work, and says what to run.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from linli.core.database import raw_sql
from linli.core.scope import scoped_models
from linli.core.storage import StorageRefused

UNGUARDED = "unguarded"
POLICIES = ("linli_select", "linli_insert", "linli_update", "linli_delete")
SENTENCE = "PostgreSQL 的行级安全没有约束邻里，为了不让人看到范围以外的数据，暂停服务"

# One row: what the role is, and the tables that it could read past the policies, with why.
# An owner passes the policies, and so does whoever inherits the owner's rights.
_ASK = """
SELECT role.oid IS NOT NULL,
  coalesce(pg_has_role(session_user, role.oid, %(right)s), false),
  coalesce(role.rolsuper OR role.rolbypassrls, false),
  pg_backend_pid(),
  session_user,
  (SELECT count(*) FROM pg_class WHERE relname = ANY(%(tables)s)
     AND relnamespace = 'public'::regnamespace AND relkind = 'r'),
  (SELECT coalesce(json_agg(json_build_array(relname, why) ORDER BY relname), '[]') FROM (
     SELECT class.relname, CASE
       WHEN NOT class.relrowsecurity THEN 'off'
       WHEN count(*) FILTER (WHERE polname = ANY(%(policies)s) AND polpermissive) < %(number)s
         THEN 'off'
       WHEN count(*) FILTER (WHERE polname <> ALL(%(policies)s) AND polpermissive) > 0
         THEN 'foreign'
       WHEN role.oid IS NOT NULL AND pg_has_role(role.oid, class.relowner, 'USAGE') THEN 'owner'
       END AS why
     FROM pg_class class LEFT JOIN pg_policy ON polrelid = class.oid
     WHERE class.relname = ANY(%(tables)s) AND class.relkind = 'r'
       AND class.relnamespace = 'public'::regnamespace
     GROUP BY class.oid, class.relname, class.relrowsecurity, class.relowner) AS each
   WHERE why IS NOT NULL)
FROM (SELECT 1) AS one LEFT JOIN pg_roles role ON role.rolname = %(role)s
"""


class RowSecurityOff(StorageRefused):
    """Nobody is shown anything while the policies do not bind the role in force."""

    def __init__(self, detail: str, remedy: str) -> None:
        super().__init__(UNGUARDED, SENTENCE, f"{detail}。{remedy}", 503)
        self.detail = detail
        self.remedy = remedy


@dataclass(frozen=True)
class RoleState:
    """What one connection says about the role: is it there, usable, and bound?"""

    role: str
    exists: bool
    is_usable: bool
    passes_policies: bool
    backend_pid: int
    user: str
    tables: int
    unbound: dict[str, str] = field(default_factory=dict)


def role_state(connection: Any, role: str) -> RoleState:
    """Ask the server, past the watch."""
    given = {
        "right": "SET" if connection.pg_version >= 160_000 else "MEMBER",
        "role": role,
        "tables": [model._meta.db_table for model in scoped_models()],
        "policies": list(POLICIES),
        "number": len(POLICIES),
    }
    exists, usable, passes, pid, user, tables, unbound = raw_sql.first_row(
        connection, _ASK, given, reason="do the policies bind the product"
    )
    return RoleState(role, exists, usable, passes, pid, user, tables, dict(unbound))


def trouble(state: RoleState) -> RowSecurityOff | None:
    """Return why the role is not bound by the policies of every table, or None."""
    role, user = state.role, state.user
    # Before the first migration there is nothing to guard.
    if not state.tables:
        return None
    if not role:
        return RowSecurityOff(
            "LINLI_DATABASE_ROLE 是空的", "去掉这一行，或写上角色名，例如 linli_app"
        )
    if not state.exists:
        return RowSecurityOff(
            f"PostgreSQL 里没有角色 {role}，数据可能是从别的服务器倒过来的", "运行 linli migrate"
        )
    if not state.is_usable:
        return RowSecurityOff(
            f"PostgreSQL 用户 {user} 不能以角色 {role} 工作",
            f"请数据库管理员执行：{grant(role, user)}；如果角色是这台服务器上别的用户建的，"
            f"把 LINLI_DATABASE_ROLE 设成一个新名字，例如 {role}_2，再运行 linli migrate",
        )
    if state.passes_policies:
        return RowSecurityOff(
            f"角色 {role} 能绕过行级安全（SUPERUSER 或 BYPASSRLS）",
            f'请数据库管理员执行：ALTER ROLE "{role}" NOSUPERUSER NOBYPASSRLS;',
        )
    return _of_tables(state)


def grant(role: str, user: str) -> str:
    """Return what the administrator runs so that ``user`` may act as ``role``."""
    return f'GRANT "{role}" TO "{user}";'


def _of_tables(state: RoleState) -> RowSecurityOff | None:
    by_reason: dict[str, list[str]] = {}
    for table, why in state.unbound.items():
        by_reason.setdefault(why, []).append(table)
    if tables := by_reason.get("owner"):
        return RowSecurityOff(
            f"角色 {state.role} 拥有 {_named(tables)}，拥有者不受行级安全约束",
            f'请数据库管理员执行：REASSIGN OWNED BY "{state.role}" TO "{state.user}"; '
            f'REVOKE "{state.user}" FROM "{state.role}"; 再运行 linli migrate',
        )
    if tables := by_reason.get("off"):
        return RowSecurityOff(f"行级安全没有约束 {_named(tables)}", "运行 linli migrate")
    if tables := by_reason.get("foreign"):
        return RowSecurityOff(
            f"{_named(tables)} 上有不是邻里建的策略，会放宽范围",
            f'用 psql 的 \\d "{tables[0]}" 看它的名字，再执行：DROP POLICY 名字 ON "{tables[0]}";',
        )
    return None


def _named(tables: list[str]) -> str:
    more = "……" if len(tables) > 3 else ""
    return f"{len(tables)} 张表（{'、'.join(tables[:3])}{more}）"
