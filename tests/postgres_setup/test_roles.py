"""What the administrator runs once: two roles and a database, with no more rights than needed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db.utils import ConnectionHandler

from linli.core.database import readiness, row_security
from linli.core.errors import Refused
from linli.core.runtime import environment
from tests import postgres

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(not postgres.wanted(), reason="it needs a server"),
]
STATE = """
SELECT array(SELECT to_jsonb(r) - 'rolpassword' || jsonb_build_object('p', r.rolpassword)
             FROM pg_authid r WHERE rolname LIKE %(name)s ORDER BY rolname)::text,
  array(SELECT to_jsonb(m) FROM pg_auth_members m ORDER BY oid)::text,
  array(SELECT to_jsonb(s) FROM pg_db_role_setting s ORDER BY setdatabase, setrole)::text,
  array(SELECT to_jsonb(d) - 'datfrozenxid' - 'datminmxid' FROM pg_database d
        WHERE datname LIKE %(name)s)::text,
  (SELECT to_jsonb(n)::text FROM pg_namespace n WHERE nspname = 'public')
"""


def host() -> str:
    return postgres.url().rpartition("host=")[2]


def psql(*words: str, **given: str) -> subprocess.CompletedProcess[str]:
    tool = postgres.binaries() / "psql"
    return subprocess.run(
        [tool, "-X", "-h", host(), "-U", "postgres", "-d", "postgres", *words],
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def names() -> Iterator[dict[str, str]]:
    """Roles and a database of this test alone."""
    mark = f"t{uuid4().hex[:8]}"
    kinds = ("owner", "application", "database")
    yield {kind: f"{mark}_{kind}" for kind in kinds}
    psql("-c", f"DROP DATABASE IF EXISTS {mark}_database WITH (FORCE)")
    for kind in kinds[:2]:
        psql("-c", f"DROP ROLE IF EXISTS {mark}_{kind}")


def set_up(names: dict[str, str]) -> None:
    words = [word for pair in names.items() for word in ("-v", "=".join(pair))]
    file = str(ROOT / "deploy" / "postgresql" / "roles.sql")
    done = psql(*words, "-f", file, LINLI_OWNER_PASSWORD="its own, and long")
    assert done.returncode == 0, done.stderr
    assert not done.stderr


def state(names: dict[str, str]) -> Any:
    with psycopg.connect(f"host={host()} user=postgres dbname={names['database']}") as admin:
        like = names["owner"].partition("_")[0] + "%"
        return admin.execute(STATE, {"name": like}).fetchone()


def as_owner(names: dict[str, str], database: str = "") -> psycopg.Connection[Any]:
    name = database or names["database"]
    return psycopg.connect(f"host={host()} user={names['owner']} dbname={name}", autocommit=True)


def connected(names: dict[str, str]) -> Any:
    """Return the product's own connection to the database."""
    url = f"postgresql://{names['owner']}@/{names['database']}?host={host()}"
    made = ConnectionHandler({"default": environment.database(url, Path("/tmp"))})["default"]
    made.connect()
    return made


def test_a_second_run_changes_nothing(names: dict[str, str]) -> None:
    set_up(names)
    once = state(names)
    set_up(names)
    assert state(names) == once


def test_the_owner_makes_tables_and_acts_as_the_application_and_no_more(
    names: dict[str, str],
) -> None:
    set_up(names)
    owner, application = names["owner"], names["application"]
    with as_owner(names) as own:
        own.execute("CREATE TABLE t (n int)")
        for refused in (
            "CREATE ROLE another",
            "CREATE DATABASE another",
            f"ALTER ROLE {application} BYPASSRLS",
            f"ALTER ROLE {owner} SUPERUSER",
            "SELECT * FROM pg_authid",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                own.execute(refused)
        own.execute(f"SET ROLE {application}")
        for refused in ("CREATE TABLE u (n int)", "SELECT * FROM t"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                own.execute(refused)
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        psycopg.connect(f"host={host()} user={application} dbname={names['database']}")
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        # Nobody else of this server comes in: the owner of the tests' own databases.
        psycopg.connect(f"host={host()} user={postgres.OWNER} dbname={names['database']}")


def test_after_it_nothing_is_missing(
    names: dict[str, str], settings: Any, django_db_blocker: Any
) -> None:
    set_up(names)
    settings.LINLI_DATABASE_ROLE = names["application"]
    with django_db_blocker.unblock():
        connection = connected(names)
        row_security.prepare_role(connection)
        connection.close()


BREAKS = {
    "no right to make tables": (
        "REVOKE CREATE ON SCHEMA public FROM {owner}; ALTER SCHEMA public OWNER TO postgres;"
        " ALTER DATABASE {database} OWNER TO postgres; GRANT CONNECT ON DATABASE {database}"
        " TO {owner}",
        "database.no_create",
        'ALTER SCHEMA public OWNER TO "{owner}"',
    ),
    "a table of somebody else": (
        "CREATE TABLE people_person (id int)",
        "database.tables_of_others",
        'ALTER TABLE "people_person" OWNER TO "{owner}"',
    ),
    "the role of somebody else": (
        "REVOKE {application} FROM {owner}",
        "database.role_not_usable",
        'GRANT "{application}" TO "{owner}"',
    ),
    "only to be read": (
        "ALTER DATABASE {database} SET default_transaction_read_only = on",
        "database.read_only",
        "主服务器",
    ),
}


@pytest.mark.parametrize("what", BREAKS)
def test_what_would_end_half_way_is_refused_before_the_first_table(
    what: str, names: dict[str, str], settings: Any, django_db_blocker: Any
) -> None:
    set_up(names)
    sql, code, remedy = BREAKS[what]
    psql("-d", names["database"], "-c", sql.format(**names))
    settings.LINLI_DATABASE_ROLE = names["application"]
    with django_db_blocker.unblock():
        connection = connected(names)
        with pytest.raises(Refused) as refused:
            row_security.prepare_role(connection)
        connection.close()
    assert refused.value.code == code
    assert remedy.format(**names) in refused.value.hint


def test_another_encoding_is_refused(names: dict[str, str], django_db_blocker: Any) -> None:
    set_up(names)
    database = names["database"]
    psql("-c", f"DROP DATABASE {database}")
    psql(
        "-c",
        f"CREATE DATABASE {database} OWNER {names['owner']} TEMPLATE template0"
        " ENCODING 'LATIN1' LOCALE 'C'",
    )
    with django_db_blocker.unblock():
        connection = connected(names)
        with pytest.raises(Refused) as refused:
            readiness.refuse_unready(connection)
        connection.close()
    assert refused.value.code == "database.encoding"
    assert "ENCODING 'UTF8'" in refused.value.hint
