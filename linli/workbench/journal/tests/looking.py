"""Eight threads that look at one covered number: on whichever database the process has.

``python -m linli.workbench.journal.tests.looking 10`` makes the installation of LINLI_DATA on a
file, as it is in use, and prints what came of it; a test database in memory locks whole tables.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linli.register.posts.models import User

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
THREADS = 8


@dataclass(frozen=True)
class Looked:
    """How many entries there are, what went wrong, what does not hold, how long it took."""

    entries: int
    wrong: list[str]
    broken: list[str]
    seconds: float


def look(times: int) -> Looked:
    """Reveal one number so many times in each thread."""
    from linli.core.scope import system_scope
    from linli.workbench.journal.hash_chain import verify
    from linli.workbench.journal.models import JournalEntry
    from tests.people import a_person, a_subdistrict, a_user

    town = a_subdistrict()
    person = a_person(town.home("1", "101"), "虞阿香", aged=92, phone="13800001234")
    users = [a_user(f"worker{n}", "community_worker", town.community) for n in range(THREADS)]
    wrong: list[str] = []
    begun = time.monotonic()
    together(
        [
            lambda user=user: _work(user, person.pk, town.community.path, times, wrong)
            for user in users
        ]
    )
    seconds = time.monotonic() - begun
    with system_scope("count"):
        entries = JournalEntry.objects.filter(kind="person.field_revealed").count()
    return Looked(entries, wrong, [f"{broken.seq} {broken.why}" for broken in verify()], seconds)


def _work(user: User, person: int, path: str, times: int, wrong: list[str]) -> None:
    from django.db import connection

    from linli.register.people.actions import reveal_field
    from linli.register.people.models import Person
    from tests.people import working_as

    try:
        with working_as("community_worker", path, user=user):
            her = Person.objects.get(pk=person)
            for _n in range(times):
                reveal_field(
                    person=her, field="phone", purpose="service", words="通知体检时间", by=user
                )
    except Exception as error_text:  # a thread's failure must reach the test
        wrong.append(repr(error_text))
    finally:
        connection.close()


def together(tasks: list[Callable[[], None]]) -> None:
    """Run all tasks at once and wait for them."""
    threads = [threading.Thread(target=task) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main() -> None:
    """Make the database, look, and print what came of it."""
    from tests import prepared
    from tests.people import by_the_system

    with by_the_system():
        prepared.migrate()
    print(json.dumps(asdict(look(int(sys.argv[1])))))


if __name__ == "__main__":
    import django

    django.setup()
    main()
