"""The disk is full in the middle of an import: a clear message, and nothing half done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.register.people.models import Household, Person
from linli.workbench.imports import queries
from tests.imports import files
from tests.imports.town import a_list, a_town, brought, imported, number

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def no_more_pages(spare: int) -> Iterator[None]:
    """Let the database grow by a few pages only, as a full disk would."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        there = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {there + spare}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite can be told to be full")
def test_a_full_disk_stops_the_import_and_it_can_be_done_later() -> None:
    town = a_town()
    rows = [
        [f"居民{n}", None, None, number(1940 + n % 70, n // 70 + 1), None, "2幢302室"]
        for n in range(600)
    ]
    with town.at_work():
        batch = brought(town, files.xlsx(a_list(*rows)))
        assert batch.count("new") == 600
        with no_more_pages(20), pytest.raises(Refused) as refused:
            imported(town, batch)
        assert "磁盘已满" in refused.value.sentence
        assert not Person.objects.exists()
        assert not Household.objects.exists()
        batch = queries.batch_or_not_found(batch.link)
        assert batch.state == "previewed"
        assert "磁盘已满" in batch.error_text
        assert imported(town, batch).state == "applied"
        with system_scope("test"):
            assert Person.objects.count() == 600
