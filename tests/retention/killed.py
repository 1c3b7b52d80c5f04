"""A process that deletes whose time is over, to be killed while it does: see test_killed.py.

``prepare`` makes the installation of LINLI_DATA with some who left long ago, on the list; ``run``
does a day's run and says a word after each person; ``dirty`` does it without cleaning up afterwards
(the negative control); ``restore`` does a run and puts back a backup made before it. All print at
the end what is there, as ``count`` does alone.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
LEAVERS = 6
WORD = "zqxcanary"


def prepare() -> None:
    """Make the database, the town, a snapshot, and the list."""
    from linli.core.chinese.search import index_text
    from linli.register.people.models import Person
    from linli.workbench.conditions.snapshot import refresh
    from tests import prepared
    from tests.people import a_person, a_subdistrict, by_the_system
    from tests.retention.builders import a_leaver, all_over, shown

    with by_the_system():
        prepared.migrate()
    town = a_subdistrict(floors=LEAVERS, doors=1)
    a_person(town.home("2", "101"), "邻居")
    for n in range(1, LEAVERS + 1):
        person = a_leaver(town.home("1", f"{n}01"), f"虞{n}")
        with by_the_system():
            Person.objects.filter(pk=person.pk).update(
                name=WORD, workplace=f"{WORD}{n}", search_text=index_text(f"{WORD}{n}")
            )
        if n == 1:
            all_over(town, person, WORD)
    refresh()
    shown()


def run() -> None:
    """Do today's run as the worker does."""
    from linli.workbench.retention import actions, jobs

    erase = actions.erase_person

    def told(**given: Any) -> Any:
        key = erase(**given)
        print("gone", flush=True)
        return key

    actions.erase_person = told
    jobs.every_day()
    count()


def dirty() -> None:
    """Delete rows and leave the places where they stood as they are."""
    from linli.workbench.retention import runner as runs

    runs.clean = lambda: True
    run()


def restore() -> None:
    """Delete, then restore a backup of the day before, which knows everybody."""
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from linli.core.database import backup
    from linli.workbench.conditions.snapshot import refresh
    from linli.workbench.retention import jobs

    with TemporaryDirectory() as folder:
        backup.back_up(Path(folder) / "a.zip")
        jobs.every_day()
        backup.restore(Path(folder) / "a.zip", force=True)
    refresh()
    count()


def count() -> None:
    """Print how many are there, deleted and certified."""
    from linli.core.scope import system_scope
    from linli.register.people.models import Person
    from linli.workbench.journal import hash_chain
    from linli.workbench.retention.models import Certificate, DeletedKey

    with system_scope("count"):
        done = Certificate.objects.filter(ended_at__isnull=False)
        said = {
            "people": Person.objects.count(),
            "keys": DeletedKey.objects.count(),
            "certified": sum(certificate.people for certificate in done),
            "open": Certificate.objects.filter(ended_at__isnull=True).count(),
            "broken": len(list(hash_chain.verify())),
        }
    print(json.dumps(said))


if __name__ == "__main__":
    import django

    django.setup()
    {"prepare": prepare, "run": run, "dirty": dirty, "restore": restore, "count": count}[
        sys.argv[1]
    ]()
