"""Two phones send the same door at the same moment: on a real server one of them counts."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from linli.core.scope import system_scope
from linli.workbench.rounds.actions import save_door
from linli.workbench.rounds.models import DoorSave
from linli.workbench.rounds.tests.test_saving import Toy, parts
from tests.people import a_subdistrict, a_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_the_same_page_from_two_at_once_is_saved_once() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("the test database lies in memory and locks whole tables")
    town = a_subdistrict()
    lin = a_user("lin", "grid_worker", town.grids[0])
    home = town.home("1", "101")
    Toy.kept = []
    answers: list[bool] = []
    ready = threading.Barrier(4)

    def work() -> None:
        try:
            with system_scope("test"):
                ready.wait()
                made = parts(town, lin, "一")
                saved = save_door(place=home, parts=made, form_token="a-page", by=lin)
                answers.append(saved is not None)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [False, False, False, True]
    assert Toy.kept == ["一"]
    with system_scope("test"):
        assert DoorSave.objects.count() == 1
