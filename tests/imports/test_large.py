"""Twenty thousand rows: read, previewed, imported and taken back in reasonable time and memory."""

from __future__ import annotations

import resource
import time
from typing import Any

import pytest

from linli.register.people.models import Person
from linli.register.places.bulk import Spec, create_tree, floors_of_doors
from linli.workbench.imports import actions
from tests.imports import files
from tests.imports.town import HEADINGS, Town, a_town, brought, imported, number
from tests.scope.world import by_the_system

pytestmark = [pytest.mark.django_db, pytest.mark.nightly, pytest.mark.timeout(900)]
PEOPLE = 20_000
LONGEST_SECONDS = 60
MOST_MIB = 600  # beyond making the list; the test database lies in memory and counts too


def a_large_list(town: Town) -> bytes:
    """Twenty thousand residents in ten thousand dwellings."""
    with by_the_system():
        homes = floors_of_doors(25, 4)
        specs = [Spec("building", f"{n}幢", homes) for n in range(11, 111)]
        made = create_tree(parent=town.estate, specs=specs, by=None).of_kind("dwelling")
    rows: list[list[Any]] = [HEADINGS]
    for n in range(PEOPLE):
        home = made[n // 2].address
        # Odd: a number that ends in 000 may have been cut by a spreadsheet.
        who = number(1930 + n // 400, n % 400 * 2 + 1)
        rows.append([f"居民{n}", None, None, who, 13800000000 + n, home, "初中"])
    return files.xlsx(rows)


def test_twenty_thousand_rows() -> None:
    town = a_town()
    data = a_large_list(town)
    spent: dict[str, float] = {}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with town.at_work():
        start = time.process_time()
        batch = brought(town, data)
        spent["preview"] = time.process_time() - start
        assert batch.count("new") == PEOPLE, batch.counts
        start = time.process_time()
        batch = imported(town, batch)
        spent["apply"] = time.process_time() - start
        assert Person.objects.count() == PEOPLE
        start = time.process_time()
        assert brought(town, data).count("unchanged") == PEOPLE
        spent["again"] = time.process_time() - start
        start = time.process_time()
        assert actions.undo_batch(batch=batch, by=town.user).state == "undone"
        spent["undo"] = time.process_time() - start
        assert Person.objects.count() == 0
    peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print({step: round(seconds, 1) for step, seconds in spent.items()}, f"{peak:.0f} MiB")
    assert spent["preview"] + spent["apply"] < LONGEST_SECONDS
    assert peak < MOST_MIB
