"""Eight people look at covered numbers at once: every look stands in the journal, in one chain."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from linli.core.scope import system_scope
from linli.register.people.actions import reveal_field
from linli.register.people.models import Person
from linli.register.posts.models import User
from linli.workbench.journal import chain
from linli.workbench.journal.chain import verify
from linli.workbench.journal.models import JournalEntry
from tests.people import a_person, a_subdistrict, a_user, working_as

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
THREADS = 8


def look(times: int) -> tuple[int, list[str]]:
    """Reveal one number so many times in each thread; return the entries and what went wrong."""
    town = a_subdistrict()
    person = a_person(town.home("1", "101"), "虞阿香", aged=92, phone="13800001234")
    users = [a_user(f"worker{n}", "community_worker", town.community) for n in range(THREADS)]
    wrong: list[str] = []

    def work(user: User) -> None:
        try:
            with working_as("community_worker", town.community.path, user=user):
                her = Person.objects.get(pk=person.pk)
                for _n in range(times):
                    reveal_field(
                        person=her, field="phone", purpose="service", words="通知体检时间", by=user
                    )
        except Exception as trouble:  # a thread's failure must reach the test
            wrong.append(repr(trouble))
        finally:
            connection.close()

    together([lambda user=user: work(user) for user in users])
    with system_scope("count"):
        return JournalEntry.objects.filter(kind="person.field_revealed").count(), wrong


def together(tasks: list[Callable[[], None]]) -> None:
    """Run all tasks at once and wait for them."""
    threads = [threading.Thread(target=task) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def needs_postgres() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("the test database lies in memory and locks whole tables")


def test_every_look_is_written_down_once() -> None:
    needs_postgres()
    assert look(10) == (THREADS * 10, [])
    assert list(verify()) == []


@pytest.mark.nightly
@pytest.mark.timeout(1800)
def test_eight_threads_look_a_thousand_times_each() -> None:
    needs_postgres()
    assert look(1000) == (8000, [])
    assert list(verify()) == []


def test_without_waiting_for_each_other_looks_are_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: writers that do not wait take the same number, and all but one fail."""
    needs_postgres()
    real = chain.raw_sql.run

    def forgetful(sql: str, *given: object, **more: object) -> object:
        return [] if "advisory" in sql else real(sql, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(chain.raw_sql, "run", forgetful)
    found, wrong = look(10)
    assert found < THREADS * 10
    assert wrong
