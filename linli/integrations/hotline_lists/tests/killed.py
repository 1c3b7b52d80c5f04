"""A process that takes a list in and hands cases out, to be killed while it does.

``python -m linli.integrations.hotline_lists.tests.killed prepare`` makes the installation of
LINLI_DATA; ``… list`` takes and dispatches the list, ``… dispatch`` hands out what waits one by
one, ``… chain`` verifies the journal, ``… forgetful`` is ``list`` without knowing what was taken.
"""

from __future__ import annotations

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
ROWS, WAITING, AT_ONCE = 160, 60, 8


def _rows(first: int, count: int) -> bytes:
    from linli.integrations.hotline_lists.tests.lists import a_row, as_csv

    return as_csv(
        [a_row(f"K{n}", f"{n}号楼下的路灯坏了，天黑看不见路") for n in range(first, first + count)]
    )


def prepare() -> None:
    """Make the database, the town, and cases that wait for dispatch."""
    from linli.capabilities.cases.tests.builders import a_station
    from linli.integrations.hotline_lists.tests.lists import taken, the_officer
    from tests import prepared
    from tests.scope.world import by_the_system

    with by_the_system():
        prepared.migrate()
    station = a_station()
    with the_officer(station):
        taken(station, _rows(10_000, WAITING))


def take_list() -> None:
    """Take and dispatch the list, a few rows at a time; begun again, it goes on."""
    from linli.core.scope import Scope, use_scope
    from linli.integrations.hotline_lists import import_rows
    from linli.integrations.hotline_lists.actions import bring_list
    from linli.integrations.hotline_lists.models import HotlineList
    from linli.integrations.hotline_lists.tests.lists import TOWN, looked_over
    from linli.register.posts.models import User

    import_rows.AT_ONCE = AT_ONCE
    officer = User.objects.get(username="luying")
    with use_scope(Scope((TOWN,), "subdistrict_officer", "", officer.pk)):
        seen = looked_over(_rows(0, ROWS))
        hotline_list = HotlineList(
            place=seen.place, file_name="工单.csv", dispatch="all", counts=seen.counts(), rows=ROWS
        )
        bring_list(hotline_list=hotline_list, by=officer)
        print("go", flush=True)
        import_rows.import_list(hotline_list, seen, by=officer)


def dispatch() -> None:
    """Hand out every case that waits, each by itself."""
    from linli.capabilities.cases.actions import assign_case
    from linli.capabilities.cases.models import Case
    from linli.core.scope import system_scope

    with system_scope("hand cases out until killed"):
        waiting = list(Case.objects.filter(state="received").select_related("place", "category"))
        print("go", flush=True)
        for case in waiting:
            assign_case(case=case, by=None)


def forgetful() -> None:
    """Take the list as if no number said whether it was taken: what the tests must notice."""
    from uuid import uuid4

    from linli.integrations.hotline_lists import actions as hotline_list
    from linli.integrations.hotline_lists import preview

    def new_every_time(_town: str, number: str) -> str:
        return f"{number}-{uuid4().hex}"

    hotline_list.mark_of = preview.mark_of = new_every_time  # type: ignore[assignment]
    take_list()


def chain() -> None:
    """Say every break of the journal."""
    from linli.workbench.journal.hash_chain import verify

    for broken in verify():
        print(broken)


if __name__ == "__main__":
    import django

    django.setup()
    {
        "prepare": prepare,
        "list": take_list,
        "dispatch": dispatch,
        "chain": chain,
        "forgetful": forgetful,
    }[sys.argv[1]]()
