"""Who reads the database by a mistake of ours gets no hash of a password and no session.

On PostgreSQL the product works as a role of its own; the owner of the tables is an ordinary user.
"""

from __future__ import annotations

import os
import subprocess
import sys

import psycopg
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from linli.core.database import raw_sql, row_security
from linli.core.scope import system_scope
from linli.register.posts.models import Post, User
from tests.people import a_subdistrict, a_user, by_the_system

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
only_postgres = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="only PostgreSQL has roles"
)
THEIRS = "of_somebody_else"
HASH = f'SELECT password FROM "{User._meta.db_table}"'


@pytest.fixture
def user() -> User:
    """A secretary with a password."""
    made = a_user("yinhong", "secretary", a_subdistrict().community)
    made.set_password("一座很长的桥 2026")
    with by_the_system():
        made.save()
    return made


def is_readable(sql: str) -> bool:
    try:
        with transaction.atomic(), system_scope("test"):
            raw_sql.run(sql, reason="test: as the product")
    except ProgrammingError as wrong:
        return "permission denied" not in str(wrong)
    return True


@only_postgres
def test_the_products_role_reads_no_hash_and_still_lets_people_in(user: User) -> None:
    assert not is_readable(HASH)
    with system_scope("test"):
        beside = Post.objects.select_related("user").get(user=user).user
        assert beside is not None
        assert beside.__dict__["password"] is None
        assert beside.check_password("一座很长的桥 2026")
        # Storing the whole row keeps the hash.
        beside.refresh_from_db()
        with by_the_system():
            beside.save()
    assert User.objects.get(pk=user.pk).check_password("一座很长的桥 2026")
    assert row_security.readable_hashes(connection) == []


@only_postgres
def test_a_hash_that_can_be_read_is_told(user: User) -> None:
    """The negative control: with the right given back it is read, and the daily check says so."""
    table = User._meta.db_table
    grant = f'GRANT SELECT ON "{table}" TO "{settings.LINLI_DATABASE_ROLE}"'
    raw_sql.change_shape(connection, [grant])
    assert is_readable(HASH)
    assert row_security.readable_hashes(connection) == [f"{table}.password"]
    again = row_security.withholding(connection, settings.LINLI_DATABASE_ROLE)
    raw_sql.change_shape(connection, again)
    assert not is_readable(HASH)


def test_another_password_ends_the_sessions_and_another_name_does_not(user: User) -> None:
    before = user.get_session_auth_hash()
    with by_the_system():
        user.name = "别名"
        user.save()
        assert User.objects.get(pk=user.pk).get_session_auth_hash() == before
        user.set_password("另一座更长的桥 2026")
        user.save(update_fields=["password"])
    assert User.objects.get(pk=user.pk).get_session_auth_hash() != before


def test_what_is_stored_of_a_session_lets_nobody_in(user: User) -> None:
    owner, thief = Client(), Client()
    owner.force_login(user, "django.contrib.auth.backends.ModelBackend")
    key = owner.cookies[settings.SESSION_COOKIE_NAME].value
    stored = list(Session.objects.values_list("session_key", flat=True))
    assert stored
    assert key not in stored
    for row in stored:
        thief.cookies[settings.SESSION_COOKIE_NAME] = row
        assert "_auth_user_id" not in thief.session
    # The control: with the key itself anybody is in.
    thief.cookies[settings.SESSION_COOKIE_NAME] = key
    assert thief.session["_auth_user_id"] == str(user.pk)
    owner.logout()
    assert not Session.objects.exists()


@only_postgres
def test_whoever_made_the_role_may_act_as_it_without_being_a_superuser() -> None:
    """Since version 16 the maker of a role is its member and still may not act as it."""
    role = "linli_made_by_a_test"
    acts = f'SET LOCAL ROLE "{role}"'
    assert raw_sql.run(
        "SELECT usesuper FROM pg_user WHERE usename = session_user", reason="test"
    ) == [(False,)]
    raw_sql.change_shape(connection, [f'CREATE ROLE "{role}" NOLOGIN'])
    with row_security.as_owner():
        member = raw_sql.run(
            "SELECT pg_has_role(session_user, %s, 'MEMBER'), pg_has_role(session_user, %s, 'SET')",
            [role, role],
            reason="test",
        )
    assert member == [(True, False)]
    with pytest.raises(ProgrammingError), transaction.atomic():
        raw_sql.change_shape(connection, [acts])
    raw_sql.change_shape(connection, [*row_security.role_statements(role), acts])


@only_postgres
def test_another_owner_on_the_same_server_is_told_what_to_do() -> None:
    """A role belongs to the whole server; who may not act as it would fail at every command."""
    host = settings.DATABASES["default"]["HOST"]
    said = _migrate_as_another(host, {})
    assert said.returncode != 0
    assert "LINLI_DATABASE_ROLE" in said.stdout + said.stderr
    with psycopg.connect(f"host={host} user=postgres dbname={THEIRS}") as admin:
        assert not admin.execute(
            "SELECT 1 FROM pg_tables WHERE tablename LIKE 'people%'"
        ).fetchone()


@only_postgres
@pytest.mark.postgres(by_night=True)
def test_another_owner_with_a_role_of_their_own_is_let_in() -> None:
    host = settings.DATABASES["default"]["HOST"]
    again = _migrate_as_another(host, {"LINLI_DATABASE_ROLE": "linli_app_2"})
    assert again.returncode == 0, again.stderr


def _migrate_as_another(host: str, given: dict[str, str]) -> subprocess.CompletedProcess[str]:
    with psycopg.connect(f"host={host} user=postgres dbname=postgres", autocommit=True) as admin:
        known = "SELECT 1 FROM pg_roles WHERE rolname = 'somebody_else'"
        if not admin.execute(known).fetchone():
            admin.execute("CREATE ROLE somebody_else LOGIN CREATEROLE")
            admin.execute(f"CREATE DATABASE {THEIRS} OWNER somebody_else")
    address = f"postgresql://somebody_else@/{THEIRS}?host={host}"
    env = {**os.environ, "DATABASE_URL": address, "LINLI_MODE": "test", **given}
    command = [sys.executable, "-m", "linli.faces.cli.main", "migrate", "--json"]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)
