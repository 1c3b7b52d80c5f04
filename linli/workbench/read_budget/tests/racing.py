"""Eight threads of one person, each reading fifty others: on whichever database the process has.

``python -m linli.workbench.read_budget.tests.racing`` makes the installation of LINLI_DATA on a
file, as it is in use; a test database in memory locks whole tables.
"""

from __future__ import annotations

import json
import os
import threading

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
THREADS, EACH = 8, 50  # 400 together; a grid worker may read 300


def race() -> dict[str, int]:
    """Let everybody read at once; return how many were let in, refused and counted."""
    from linli.core.scope import use_scope
    from linli.register.posts.queries import scope_of
    from linli.workbench.read_budget.models import ReadPerson
    from tests.people import a_subdistrict, a_user

    town = a_subdistrict()
    user = a_user("racer", "grid_worker", town.grids[0])
    from linli.core.time import today

    scope, ready = scope_of(user, today()), threading.Barrier(THREADS)
    told: list[str] = []

    def work(first: int) -> None:
        from django.db import connection

        from linli.core.errors import Refused
        from linli.workbench.read_budget.actions import note_read

        try:
            with use_scope(scope):
                ready.wait()
                note_read(range(first, first + EACH))
            told.append("in")
        except Refused:
            told.append("refused")
        except Exception as error_text:  # a thread's failure must reach the test
            told.append(repr(error_text))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(n * EACH + 1,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counted = ReadPerson.objects.filter(counted_at__isnull=False).count()
    in_, refused = told.count("in"), told.count("refused")
    return {"in": in_, "refused": refused, "wrong": THREADS - in_ - refused, "counted": counted}


def main() -> None:
    """Make the database, race, and print what came of it."""
    from tests import prepared
    from tests.people import by_the_system

    with by_the_system():
        prepared.migrate()
    print(json.dumps(race()))


if __name__ == "__main__":
    import django

    django.setup()
    main()
