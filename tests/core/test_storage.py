"""A disk that is full, read-only or busy: reading goes on, writing says so in plain words."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import OperationalError, connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.timezone import now

from linli.core.jobs import Job
from linli.core.storage import StorageRefused, in_plain_words, refusal_for, trouble_of
from linli.core.time import today
from linli.faces.web.errors import RefusedMiddleware
from tests.guards.walker.fills import OBJECTS, filled
from tests.guards.walker.test_questions import a_token
from tests.guards.walker.town import Walk, a_walk
from tests.guards.walker.walk import Walker, addresses
from tests.imports.test_full_disk import no_more_pages
from tests.scope.world import by_the_system

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


def raised(code: str) -> OperationalError:
    """An error as Django raises it on this database."""
    wrong: Exception
    if connection.vendor == "postgresql":
        wrong = {
            "full": psycopg.errors.DiskFull,
            "busy": psycopg.errors.LockNotAvailable,
            "read_only": psycopg.errors.ReadOnlySqlTransaction,
        }[code]()
    else:
        wrong = sqlite3.OperationalError("as SQLite says it")
        wrong.sqlite_errorcode = {"full": 13, "busy": 5, "read_only": 8}[code]  # type: ignore[attr-defined]
    operational_error = OperationalError(str(wrong))
    operational_error.__cause__ = wrong
    return operational_error


@contextmanager
def nothing_can_be_written(code: str = "full", wrong: Exception | None = None) -> Iterator[None]:
    """Let every statement that writes fail as the database would."""

    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith(WRITES):
            raise wrong or raised(code)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


def asked(walk: Walk) -> Iterator[tuple[str, str]]:
    """Every address of our own neighbourhood, with its route.

    Giving an archived file out is not among them: without its journal entry it is not done.
    """
    for address in addresses():
        if address.route.startswith(("account/", "patterns/")):
            continue
        for values in filled(address.route, dict(address.arguments), walk, "ours"):
            yield address.route, address.path(values)


def alone(walker: Walker, path: str) -> int:
    """Ask in a transaction of its own, as without the test's own around it."""
    with transaction.atomic():
        answer = walker.ask("GET", path)
        transaction.set_rollback(False)
    return answer.status_code


@pytest.mark.nightly
@pytest.mark.django_db
@pytest.mark.postgres
def test_on_a_full_disk_every_page_is_read_as_before() -> None:
    walk = a_walk()
    everything = list(asked(walk))
    walker = Walker(walk.users["secretary"])
    with nothing_can_be_written():
        after = {path: alone(walker, path) for _, path in everything}
    wrong = {
        path: status for path, status in after.items() if status >= 500 and "/archive/" not in path
    }
    assert not [*walker.crashes.values(), *wrong.items()], wrong
    assert list(after.values()).count(200) > 60


@pytest.mark.django_db
@pytest.mark.postgres
@pytest.mark.parametrize("what", ["full", "busy"])
def test_on_a_full_disk_a_household_of_a_canvass_is_read_and_marked_by_nobody(what: str) -> None:
    from linli.commons.coverage.models import CoverageRow

    walk = a_walk()
    stop = walk.object("ours", "stop", OBJECTS["stop"])
    walker = Walker(walk.users["secretary"])
    path = f"/canvasses/{stop.coverage_id}/stops/{stop.pk}/"
    with nothing_can_be_written(what):
        assert alone(walker, path) == 200
        assert alone(walker, "/") == 200
    with by_the_system():
        assert CoverageRow.objects.get(pk=stop.pk).held_by is None


SAID = {"full": "磁盘满了", "busy": "太忙", "read_only": "只能读"}
STATUS = {"full": 507, "busy": 503, "read_only": 507}
REPORT = {"service_code": "no-such", "description": "路灯不亮", "address_string": "东方丽都"}


def sent(path: str, what: str, **headers: str) -> HttpResponse:
    """What a page answers whose write failed."""
    typed = {"words": TYPED, "password": "a secret"}
    request = RequestFactory().post(path, typed, headers=headers)
    answer = RefusedMiddleware(lambda request: HttpResponse()).process_exception(
        request, raised(what)
    )
    assert answer is not None
    return answer


TYPED = "words that took a quarter of an hour"


@pytest.mark.parametrize("what", ["full", "busy", "read_only"])
def test_a_page_that_writes_says_so_and_keeps_what_was_typed(what: str) -> None:
    answer = sent("/cases/take/", what)
    said = answer.content.decode()
    assert answer.status_code == STATUS[what]
    assert SAID[what] in said
    assert TYPED in said
    assert "a secret" not in said
    assert "再提交一次" in said
    assert answer.get("Retry-After") == ("5" if what == "busy" else None)
    part = sent("/cases/take/", what, **{"HX-Request": "true"})
    assert part.status_code == 422
    assert "<html" not in part.content.decode()


def test_what_opens_an_account_is_not_kept_in_a_page() -> None:
    assert TYPED not in sent("/account/login/", "full").content.decode()


@pytest.mark.django_db
@pytest.mark.postgres
def test_an_action_on_a_full_disk_is_a_refusal_that_a_form_lays_out() -> None:
    from linli.register.people.actions import change_facts

    walk = a_walk()
    with by_the_system(), transaction.atomic(), nothing_can_be_written():
        with pytest.raises(StorageRefused, match="磁盘满了"):
            change_facts(
                person=walk.areas["ours"].person,
                changes={"workplace": "鄞州"},
                source="visit",
                confirmed_on=today(),
                by=walk.users["secretary"],
            )
        transaction.set_rollback(False)


@pytest.mark.django_db
@pytest.mark.postgres
@pytest.mark.parametrize("what", ["full", "busy"])
def test_programs_are_told_in_their_own_form(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    walk = a_walk()
    key = {"Authorization": f"Bearer {a_token(walk, 'secretary')}"}
    client = Walker().client

    def nowhere_to_write(*_: object, **__: object) -> None:
        raise raised(what)

    with transaction.atomic(), nothing_can_be_written(what):
        # A token is still let in: when it was last used is not worth a refusal.
        answer = client.post(
            "/api/v1/conditions/count",
            {"sentence": "60岁以上的居民"},
            "application/json",
            headers=key,
        )
        assert answer.status_code == 200
        transaction.set_rollback(False)
    monkeypatch.setattr("linli.faces.api.conditions.queries.count", nowhere_to_write)
    answer = client.post(
        "/api/v1/conditions/count", {"sentence": "60岁以上的居民"}, "application/json", headers=key
    )
    assert (answer.status_code, answer.json()["code"]) == (STATUS[what], f"storage.{what}")
    assert SAID[what] in answer.json()["sentence"]
    monkeypatch.setattr("linli.integrations.open311.api.queries.category_of", nowhere_to_write)
    for form in ("json", "xml"):
        answer = client.post(f"/open311/v2/requests.{form}", REPORT, headers=key)
        assert answer.status_code == STATUS[what]
        assert SAID[what] in answer.content.decode()
        assert form in answer["Content-Type"]


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (OSError(errno.ENOSPC, "x"), "full"),
        (OSError(errno.EDQUOT, "x"), "full"),
        (OSError(errno.EROFS, "x"), "read_only"),
        (OSError(errno.EACCES, "x"), ""),
        (psycopg.errors.DiskFull(), "full"),
        (psycopg.errors.ReadOnlySqlTransaction(), "read_only"),
        (psycopg.errors.LockNotAvailable(), "busy"),
        (psycopg.errors.DeadlockDetected(), "busy"),
        (psycopg.errors.QueryCanceled(), "busy"),
        (psycopg.errors.UniqueViolation(), ""),
        (ValueError("database or disk is full"), ""),
    ],
)
def test_what_is_wrong_is_known_by_code_and_not_by_words(wrong: Exception, what: str) -> None:
    assert trouble_of(wrong) == what
    outer = OperationalError("x")
    outer.__cause__ = wrong
    said = refusal_for(outer)
    assert (said.what if said else "") == what


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite can be told to be full")
def test_sqlite_that_is_really_full_says_so() -> None:
    """Its own error, not one of ours; and without the words the page would be a failure of ours."""
    walker = Walker(a_walk().users["secretary"])
    with no_more_pages(0):
        refused = None
        while refused is None:
            refused = _one_more_session()
    assert refused.what == "full"
    assert walker.ask("GET", "/people/").status_code == 200


def _one_more_session() -> StorageRefused | None:
    from django.contrib.sessions.models import Session

    try:
        with in_plain_words(), by_the_system():
            Session.objects.bulk_create(
                Session(session_key=uuid4().hex, session_data="x" * 3000, expire_date=now())
                for _ in range(20)
            )
    except StorageRefused as said:
        return said
    return None


def test_without_the_words_it_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control."""
    monkeypatch.setattr("linli.faces.web.errors.refusal_for", lambda wrong: None)
    with pytest.raises(AssertionError):
        sent("/cases/take/", "full")


def test_the_command_line_says_so_too(capsys: pytest.CaptureFixture[str]) -> None:
    from linli.faces.cli.main import _in_words

    assert _in_words(raised("full")) == 2
    assert "磁盘满了" in capsys.readouterr().err


def test_a_statement_that_fails_names_no_value_at_the_command_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from linli.faces.cli.main import _in_words

    wrong = OperationalError('invalid input: "13800001234"\nDETAIL: Key (phone)=(13800001234)')
    _in_words(wrong)
    assert "13800001234" not in capsys.readouterr().err


@pytest.mark.django_db
def test_a_job_on_a_full_disk_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    from linli.workbench.jobs import runner

    def nowhere_to_write(**_: object) -> None:
        raise raised("full")

    monkeypatch.setattr(runner, "_note", nowhere_to_write)
    job = Job(key="x", term="x", every=timedelta(days=1), run=lambda: 1)
    assert runner.run(job) == runner.JobResult("x", 1)


@pytest.mark.parametrize(
    ("free", "state"), [(10 << 30, "good"), (900 << 20, "warn"), (50 << 20, "bad")]
)
def test_check_warns_before_the_disk_is_full(
    monkeypatch: pytest.MonkeyPatch, free: int, state: str
) -> None:
    from linli.faces.cli import health

    disk = SimpleNamespace(total=100 << 30, free=free)
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _: disk)
    assert health.space().state == state
