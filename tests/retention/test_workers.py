"""Two workers at once on PostgreSQL: each person is deleted by one of them."""

from __future__ import annotations

from threading import Thread

import pytest
from django.db import connection

from linli.core.scope import system_scope
from linli.register.people.models import Person
from linli.workbench.retention.models import Certificate, DeletedKey
from tests.people import a_subdistrict
from tests.retention.builders import a_leaver, run, shown

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
LEAVERS = 6


def test_two_at_once_delete_each_once() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time anyway; test_killed.py has two processes")
    town = a_subdistrict(floors=LEAVERS, doors=1)
    for n in range(1, LEAVERS + 1):
        a_leaver(town.home("1", f"{n}01"), f"虞{n}")
    shown()
    deleted: list[int] = []

    def work() -> None:
        try:
            deleted.append(run().deleted)
        finally:
            connection.close()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    run()
    with system_scope("test"):
        assert sum(deleted) == LEAVERS
        assert DeletedKey.objects.count() == LEAVERS
        assert not Person.objects.exists()
        assert sum(certificate.people for certificate in Certificate.objects.all()) == LEAVERS
        assert not Certificate.objects.filter(ended_at__isnull=True).exists()
