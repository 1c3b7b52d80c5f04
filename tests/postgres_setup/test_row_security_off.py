"""Row security that binds nobody stops the product; nothing else would notice it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings as given
from django.db import connection, connections
from django.test import Client

from linli.core.database import bound_role, raw_sql, row_security
from linli.core.database.bound_role import RoleState, RowSecurityOff
from linli.faces.cli.main import main
from linli.register.people.models import Person
from tests import postgres
from tests.scope.world import by_the_system

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.postgres,
    pytest.mark.skipif(not postgres.wanted(), reason="only PostgreSQL has it"),
]
TABLE = Person._meta.db_table
ROLE = given.LINLI_DATABASE_ROLE
SOUND = RoleState(ROLE, True, True, False, 1, "owner", 60, {})


def a_new_connection() -> None:
    """Let this one be taken for new: the transaction of the test stays open."""
    row_security.prepare(connections["default"])


def after(*statements: str) -> None:
    """Change the database as somebody with psql would; the next connection is a new one."""
    raw_sql.change_shape(connection, list(statements))
    a_new_connection()


def asks_for_people() -> int:
    with by_the_system():
        return Person.objects.count()


WAYS: dict[str, tuple[Callable[[Any], None], str]] = {
    "switched off": (
        lambda _: after(f'ALTER TABLE "{TABLE}" DISABLE ROW LEVEL SECURITY'),
        "没有约束",
    ),
    "a policy dropped": (lambda _: after(f'DROP POLICY linli_select ON "{TABLE}"'), "没有约束"),
    "a policy that opens": (
        lambda _: after(f'CREATE POLICY everybody ON "{TABLE}" USING (true)'),
        "不是邻里建的策略",
    ),
    "the role owns a table": (
        lambda _: after(
            f'GRANT CREATE ON SCHEMA public TO "{ROLE}"', f'ALTER TABLE "{TABLE}" OWNER TO "{ROLE}"'
        ),
        "拥有者不受",
    ),
    "no role named": (lambda settings: named(settings, ""), "是空的"),
    "the role is gone": (lambda settings: named(settings, "linli_gone"), "没有角色 linli_gone"),
}


def named(settings: Any, role: str) -> None:
    settings.LINLI_DATABASE_ROLE = role
    a_new_connection()


@pytest.mark.parametrize("way", WAYS)
def test_nobody_is_answered_and_the_check_says_what_to_do(
    way: str, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asks_for_people() == 0
    spoil, words = WAYS[way]
    spoil(settings)
    with pytest.raises(RowSecurityOff) as refused:
        asks_for_people()
    assert words in refused.value.hint
    visitor = Client(raise_request_exception=False)
    visitor.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32  # looked up in the database
    answer = visitor.get("/tasks/")
    assert answer.status_code == 503
    assert "行级安全" in answer.content.decode()
    assert ROLE not in answer.content.decode(), "visitors learn no names"
    assert main(["users", "list"]) == 2
    assert words in capsys.readouterr().err
    main(["check", "--json"])
    found = json.loads(capsys.readouterr().out.splitlines()[-1])["findings"]
    bad = [one for one in found if one["what"] == "行级安全" and one["state"] == "bad"]
    assert words in bad[0]["hint"]


@pytest.mark.parametrize("way", ["switched off", "a policy dropped"])
def test_migrating_mends_it(way: str, settings: Any) -> None:
    WAYS[way][0](settings)
    with row_security.as_owner():
        row_security.install(connections["default"])
    assert asks_for_people() == 0


def test_without_the_question_nothing_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the same table, switched off, and nobody asks."""
    monkeypatch.setattr(bound_role, "trouble", lambda state: None)
    after(f'ALTER TABLE "{TABLE}" DISABLE ROW LEVEL SECURITY')
    assert asks_for_people() == 0
    assert row_security.unprotected_tables(connection) == [TABLE]


def test_a_role_that_passes_the_policies_is_refused() -> None:
    assert bound_role.trouble(SOUND) is None
    passing = bound_role.trouble(replace(SOUND, passes_policies=True))
    assert passing
    assert "NOBYPASSRLS" in passing.hint
    stranger = bound_role.trouble(replace(SOUND, is_usable=False))
    assert stranger
    assert f'GRANT "{ROLE}" TO "owner";' in stranger.hint
    assert bound_role.trouble(replace(SOUND, tables=0, exists=False)) is None, "nothing yet"


def test_a_connection_asks_once() -> None:
    a_new_connection()
    asked: list[str] = []
    original = bound_role.role_state

    def counted(*words: Any) -> RoleState:
        asked.append("asked")
        return original(*words)

    with pytest.MonkeyPatch.context() as only:
        only.setattr(bound_role, "role_state", counted)
        for _ in range(3):
            asks_for_people()
    assert asked == ["asked"]
