"""The second line of defence: PostgreSQL itself shows a connection only the rows of its scope.

The policies are made from the registry of scoped models. The product works as a role that owns no
table (``LINLI_DATABASE_ROLE``), so the policies bind it; before a statement the connection is told
the active scope, but only when that has changed. Alone it answers "nothing", without an error; it
guards against our own mistakes, not against somebody who can write SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ProgrammingError

from linli.core.database import bound_role, pooler, raw_sql, readiness
from linli.core.errors import Refused
from linli.core.logger import get_logger
from linli.core.paths import path_after
from linli.core.scope import Scope, ScopedModel, is_guard_off, scope_or_none, scoped_models
from linli.core.storage import StorageRefused

log = get_logger(__name__)

# These change the shape of the database and belong to its owner.
OF_THE_OWNER = ("schema", "flush")
_as_owner: ContextVar[bool] = ContextVar("linli_as_owner", default=False)
# "~" sorts after every character of a path.
NOTHING, EVERYTHING = ("", "", "", ""), ("", "~", "", "")

_TELL = (
    "SELECT set_config('role', %s, false), set_config('linli.low', %s, false),"
    " set_config('linli.high', %s, false), set_config('linli.many', %s, false),"
    " set_config('linli.above', %s, false)"
)
# The outer range first, which the index answers; what lies between the paths is left out after it.
_BELOW = (
    "scope_path >= current_setting('linli.low', true)"
    " AND scope_path < current_setting('linli.high', true)"
    " AND (current_setting('linli.many', true) = '' OR EXISTS (SELECT 1 FROM"
    " unnest(string_to_array(current_setting('linli.many', true), ',')) AS mine"
    " WHERE starts_with(scope_path, mine)))"
)
_ABOVE = "scope_path = ANY (string_to_array(current_setting('linli.above', true), ','))"


@contextmanager
def as_owner() -> Iterator[None]:
    """Work as the owner of the tables inside the block: backup, restore, the daily check."""
    token = _as_owner.set(True)
    try:
        yield
    finally:
        _as_owner.reset(token)


def what_to_tell(scope: Scope | None) -> tuple[str, str, str, str]:
    """Return low and high end of all paths, the paths if there are several, the places above."""
    if is_guard_off("database") or (scope is not None and scope.everything):
        return EVERYTHING
    if scope is None or not scope.paths:
        return NOTHING
    many = ",".join(scope.paths) if len(scope.paths) > 1 else ""
    high = max(path_after(path) for path in scope.paths)
    return min(scope.paths), high, many, ",".join(scope.above)


def set_connection_scope(connection: BaseDatabaseWrapper, where: str) -> None:
    """Tell the connection role and scope for the next statement, if they changed."""
    if connection.vendor != "postgresql":
        return
    wanted = (_role(connection, where), *what_to_tell(scope_or_none()))
    if getattr(connection, "linli_told", None) == wanted:
        return
    # The driver's own cursor: Django's would call the watch again, which called this.
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        cursor.execute(_TELL, wanted)
    connection.linli_told = wanted  # type: ignore[attr-defined]


def _role(connection: Any, where: str) -> str:
    if where in OF_THE_OWNER or _as_owner.get():
        return "none"
    if getattr(connection, "linli_is_migrating", False):
        return "none"
    if not getattr(connection, "linli_is_looked_at", False):
        connection.linli_role_in_force = _role_in_force(connection)
        connection.linli_is_looked_at = True
    found: str = connection.linli_role_in_force
    return found


def _role_in_force(connection: Any) -> str:
    """Return the role to work as; refuse where the policies would not bind it.

    Before the first migration there is neither a role nor a row.
    """
    state = bound_role.role_state(connection, settings.LINLI_DATABASE_ROLE)
    pooler.refuse_shared(connection, state.backend_pid)
    if refusal := bound_role.trouble(state):
        log.warning("row security does not bind the product", why=refusal.code)
        raise refusal
    return state.role if state.exists else "none"


def what_is_open(connection: Any) -> StorageRefused | None:
    """Return why the policies do not bind the product now, or None: for `linli check`."""
    if connection.vendor != "postgresql":
        return None
    connection.ensure_connection()
    try:
        _role_in_force(connection)
    except StorageRefused as refusal:
        return refusal
    return None


def is_owner(connection: Any) -> bool:
    """Does the next question go out as the owner of the tables, whom no policy binds?"""
    connection.ensure_connection()
    return _role(connection, "") == "none"


def prepare(connection: Any) -> None:
    """Forget what a new connection was told, now and whenever something is rolled back."""
    if connection.vendor != "postgresql":
        return
    connection.linli_told = None
    connection.linli_is_looked_at = False
    for name in ("rollback", "savepoint_rollback"):
        # What was told inside a transaction is rolled back with it.
        setattr(connection, name, _forgetting(connection, getattr(type(connection), name)))


def _forgetting(connection: Any, roll_back: Callable[..., None]) -> Callable[..., None]:
    def run(*args: Any) -> None:
        connection.linli_told = None
        roll_back(connection, *args)

    return run


def policies(model: type[ScopedModel]) -> list[str]:
    """Return the statements that guard one table."""
    table = f'"{model._meta.db_table}"'
    sees = f"({_BELOW}) OR {_ABOVE}" if model.scope_reach == "above" else _BELOW
    kinds = {
        "SELECT": f"USING ({sees})",
        "INSERT": f"WITH CHECK ({_BELOW})",
        "UPDATE": f"USING ({_BELOW}) WITH CHECK ({_BELOW})",
        "DELETE": f"USING ({_BELOW})",
    }
    # Not FORCE: the owner passes, as migrations, backup and the daily check must.
    statements = [f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"]
    for kind, condition in kinds.items():
        name = f"linli_{kind.lower()}"
        statements.append(f"DROP POLICY IF EXISTS {name} ON {table}")
        statements.append(f"CREATE POLICY {name} ON {table} FOR {kind} {condition}")
    return statements


def role_statements(role: str) -> list[str]:
    """Return the statements that make the product's own role and let it work."""
    return [
        # A role belongs to the whole server: another installation may make it in this moment.
        f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{role}')"
        f' THEN CREATE ROLE "{role}" NOLOGIN; END IF;'
        " EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$",
        # Since version 16 whoever made a role is its member and may still not act as it, so it is
        # tried.
        f"""DO $$ BEGIN SET LOCAL ROLE "{role}"; SET LOCAL ROLE NONE;
        EXCEPTION WHEN insufficient_privilege THEN
          BEGIN GRANT "{role}" TO CURRENT_USER;
          EXCEPTION WHEN unique_violation OR internal_error OR insufficient_privilege THEN NULL;
          END;
        END $$""",
        f'GRANT USAGE ON SCHEMA public TO "{role}"',
        f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{role}"',
        f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "{role}"',
    ]


def _not_usable(connection: Any, role: str) -> Refused:
    user = connection.settings_dict["USER"]
    return Refused(
        "database.role_not_usable",
        f"PostgreSQL 用户 {user} 不能以角色 {role} 工作",
        hint=f"请数据库管理员执行：{bound_role.grant(role, user)}"
        f"；如果角色是这台服务器上别的用户建的，"
        f"把 LINLI_DATABASE_ROLE 设成一个新名字，例如 {role}_2，再运行 linli migrate",
    )


def _make_role(connection: Any, role: str) -> None:
    """Make the role; raises ``Refused`` where every later command would fail."""
    user = connection.settings_dict["USER"]
    try:
        raw_sql.change_shape(connection, role_statements(role))
    except ProgrammingError as wrong:
        raise Refused(
            "database.role_not_made",
            f"{user} 不能新建 PostgreSQL 角色 {role}",
            hint=f'请数据库管理员执行：CREATE ROLE "{role}" NOLOGIN; GRANT "{role}" TO "{user}";',
        ) from wrong
    if not bound_role.role_state(connection, role).is_usable:
        raise _not_usable(connection, role)
    readiness.refuse_without_schema(connection, role)


def prepare_role(connection: Any) -> None:
    """Make the role before tables change: whoever is refused finds the database as it was."""
    if connection.vendor != "postgresql":
        return
    role = settings.LINLI_DATABASE_ROLE
    connection.ensure_connection()
    readiness.refuse_unready(connection)
    pooler.refuse_shared(connection, bound_role.role_state(connection, role).backend_pid)
    if role:
        _make_role(connection, role)


def _withheld(model: type[models.Model]) -> list[str]:
    columns = model._meta.concrete_fields
    return [str(one.column) for one in columns if getattr(one, "is_withheld", False)]


def withholding(connection: Any, role: str) -> list[str]:
    """Return the statements that take withheld columns away from the role."""
    statements = []
    there = set(connection.introspection.table_names())
    for model in apps.get_models():
        table, withheld = model._meta.db_table, _withheld(model)
        if withheld and table in there:
            # As they are now: an older backup brings the tables of its day.
            columns = sorted(raw_sql.columns_of(table))
            left = ", ".join(f'"{one}"' for one in columns if one not in withheld)
            statements += [
                f'REVOKE SELECT ON "{table}" FROM "{role}"',
                f'GRANT SELECT ({left}) ON "{table}" TO "{role}"',
            ]
    return statements


def readable_hashes(connection: Any) -> list[str]:
    """Return the withheld columns that the product's role could read all the same."""
    role = settings.LINLI_DATABASE_ROLE
    if connection.vendor != "postgresql":
        return []
    return [
        f"{model._meta.db_table}.{column}"
        for model in apps.get_models()
        for column in _withheld(model)
        if not role
        or raw_sql.run(
            "SELECT has_column_privilege(%s, %s, %s, 'SELECT')",
            [role, model._meta.db_table, column],
            reason="is a hash out of reach",
        )[0][0]
    ]


def install(connection: Any) -> None:
    """Make role and policies; run after every migration, so new tables are guarded too."""
    if connection.vendor != "postgresql":
        return
    role = settings.LINLI_DATABASE_ROLE
    statements = [
        policy for model in raw_sql.scoped_tables(connection) for policy in policies(model)
    ]
    if role:
        _make_role(connection, role)
        statements += withholding(connection, role)
    raw_sql.change_shape(connection, statements)
    connection.linli_told = None
    connection.linli_is_looked_at = False


def unprotected_tables(connection: Any) -> list[str]:
    """Return the scoped tables whose policies do not bind this connection."""
    if connection.vendor != "postgresql":
        return []
    tables = [model._meta.db_table for model in scoped_models()]
    bound = raw_sql.run(
        "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND row_security_active(oid)",
        [tables],
        reason="is row-level security in force",
    )
    return sorted(set(tables) - {row[0] for row in bound})
