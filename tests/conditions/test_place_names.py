"""Places are named once for a page, and never by what another post may see."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from linli.core.errors import NotFound
from linli.core.fields import DICTIONARY, Compare, Op
from linli.core.scope import Scope, use_scope
from linli.register.places.models import Place
from linli.workbench.conditions.places import NamesInScope, check_places, name_together, named_once
from tests.scope.world import OURS, THEIRS, a_community, a_place, a_town, by_the_system

pytestmark = [pytest.mark.django_db]
WORKER = "community_worker"


@contextmanager
def asked() -> Iterator[list[str]]:
    found: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


@pytest.fixture(autouse=True)
def two_communities() -> None:
    town = a_town()
    a_community(town, OURS, "殷家", 1)
    a_community(town, THEIRS, "东裕", 1)


def said(path: str) -> tuple[str, str]:
    names = NamesInScope()
    return names.name_of(path), names.path_of("community", names.name_of(path))


def test_a_page_names_a_place_once() -> None:
    with use_scope(Scope((OURS,), WORKER)):
        with named_once(), asked() as once:
            assert {said(OURS) for _n in range(5)} == {("殷家社区", OURS)}
            check_places(Compare("community", Op.EQ, OURS), "person", DICTIONARY)
        with asked() as again:
            for _n in range(5):
                said(OURS)
    assert (len(once), len(again)) == (1, 10)


def test_many_are_named_together() -> None:
    with use_scope(Scope((OURS, THEIRS), WORKER)), named_once(), asked() as once:
        name_together([OURS, THEIRS, f"{OURS}nowhere/"])
        assert said(OURS) == ("殷家社区", OURS)
        assert said(THEIRS) == ("东裕社区", THEIRS)
    assert len(once) == 2


def test_two_of_one_name_are_not_told_apart_by_it() -> None:
    with by_the_system():
        a_place("community", "殷家社区", f"{THEIRS}999/", Place.objects.get(path=THEIRS))
    with use_scope(Scope((OURS, THEIRS), WORKER)):
        alone = said(OURS)
        with named_once():
            name_together([OURS, f"{THEIRS}999/"])
            assert said(OURS) == alone == ("殷家社区", "")


def test_what_one_scope_named_another_does_not_hear() -> None:
    with named_once():
        with use_scope(Scope((THEIRS,), WORKER)):
            assert said(THEIRS)[0] == "东裕社区"
        with use_scope(Scope((OURS,), WORKER)):
            assert said(THEIRS)[0] == ""
            with pytest.raises(NotFound):
                check_places(Compare("community", Op.EQ, THEIRS), "person", DICTIONARY)


def test_a_page_that_writes_names_anew(monkeypatch: Any) -> None:
    opened: list[str] = []

    @contextmanager
    def noticed() -> Iterator[None]:
        opened.append("once")
        yield

    monkeypatch.setattr("linli.faces.web.middleware.named_once", noticed)
    from linli.register.posts.models import User

    client = Client()
    client.force_login(User.objects.get(username="009"))
    client.post("/ask/")
    assert not opened
    client.get("/ask/")
    assert opened == ["once"]
