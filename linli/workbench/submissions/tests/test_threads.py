"""The same form arrives twice at the same moment: on a real server one of them counts."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from linli.workbench.submissions import claims
from linli.workbench.submissions.models import Submission
from linli.workbench.submissions.tests.test_once import notes, send
from tests.people import a_subdistrict, a_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
SEVERAL = 4


def sent_at_once(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Send one form from several phones, none of which sees another's before its own is stored."""
    town = a_subdistrict()
    user, home = a_user("lin", "grid_worker", town.grids[0]), town.home("1", "101")
    all_have_looked, looked = threading.Barrier(SEVERAL), threading.local()
    known = claims.known

    def look(arrival: claims.Arrival) -> Submission | None:
        row = known(arrival)
        looked.times = getattr(looked, "times", 0) + 1
        if looked.times == 2:  # the first is before the page is asked, the second in the action
            all_have_looked.wait(timeout=20)
        return row

    monkeypatch.setattr(claims, "known", look)
    answers: list[Any] = []

    def work() -> None:
        try:
            client = Client()
            client.force_login(user)
            answers.append(send(client, home))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _n in range(SEVERAL)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def needs_a_server() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("the test database lies in memory and locks whole tables")


def test_sent_at_once_it_counts_once_and_all_are_answered_alike(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    needs_a_server()
    answers = sent_at_once(monkeypatch)
    assert [one.status_code for one in answers] == [302] * SEVERAL
    assert len({one["Location"] for one in answers}) == 1
    assert notes() == 1
    assert Submission.objects.get().state == "accepted"


def test_without_the_unique_key_it_would_count_as_often_as_it_arrives(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    needs_a_server()
    once = Submission._meta.constraints[0]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Submission, once)
    try:
        sent_at_once(monkeypatch)
        assert notes() > 1
    finally:
        Submission.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Submission, once)
