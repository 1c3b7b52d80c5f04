"""Four people at one household in the same moment: one holds it, one result counts."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from linli.commons.coverage import actions
from linli.commons.coverage.models import CoverageRow
from linli.commons.coverage.tests.test_actions import opened
from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.register.posts.models import User
from tests.people import a_subdistrict, a_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def together(users: list[User], do: Callable[[User], bool]) -> list[bool]:
    """Let everybody do it at once; return who could."""
    ready, could = threading.Barrier(len(users)), []

    def work(user: User) -> None:
        try:
            with system_scope("test"):
                ready.wait()
                could.append(do(user))
        except Refused:
            could.append(False)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(one,)) for one in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return could


def test_one_holds_a_household_and_one_result_counts() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("the test database lies in memory and locks whole tables")
    town = a_subdistrict()
    users = [a_user(f"w{n}", "community_worker", town.community) for n in range(4)]
    with system_scope("test"):
        stop = opened(town).rows.first()

    def fresh() -> CoverageRow:
        return CoverageRow.objects.select_related("coverage", "place", "household", "by").get(
            pk=stop.pk
        )

    assert sorted(together(users, lambda user: actions.hold(row=fresh(), by=user))) == [
        False,
        False,
        False,
        True,
    ]

    def record(user: User) -> bool:
        actions.record(row=stop, result="reached", way="door", by=user)
        return True

    with system_scope("test"):
        stop = fresh()
    assert sorted(together(users, record)) == [False, False, False, True]
    with system_scope("test"):
        assert fresh().tries == 1
