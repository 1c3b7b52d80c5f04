"""What is asked once for a page: never told in another scope, never kept while something writes."""

from __future__ import annotations

from contextlib import nullcontext
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from linli.core.batch_cache import batch_cache, cached, cached_on_page, page_cache
from linli.core.scope import Scope, use_scope
from tests.people import a_subdistrict, a_user

HERE, THERE = (Scope((path,), "secretary") for path in ("330212007/1/", "330212007/2/"))


def test_a_page_asks_once() -> None:
    answers = count()
    with page_cache(), use_scope(HERE):
        assert cached("n", lambda: next(answers)) == cached("n", lambda: next(answers)) == 0
        assert cached_on_page("m", lambda: next(answers)) == 1
        assert cached_on_page("m", lambda: next(answers)) == 1
    with use_scope(HERE):
        assert cached("n", lambda: next(answers)) == 2  # the page has ended


def test_what_one_scope_was_told_another_asks_anew() -> None:
    with page_cache():
        with use_scope(HERE):
            assert cached_on_page("places", lambda: ["mine"]) == ["mine"]
        with use_scope(THERE):
            assert cached_on_page("places", lambda: ["yours"]) == ["yours"]
            assert cached_on_page("posts", lambda: 1, of_all_scopes=True) == 1
        with use_scope(HERE):
            assert cached_on_page("places", lambda: ["other"]) == ["mine"]
            assert cached_on_page("posts", lambda: 2, of_all_scopes=True) == 1


def test_a_batch_that_writes_asks_anew_what_it_may_change() -> None:
    answers = count()
    with batch_cache(), use_scope(HERE):
        assert cached("n", lambda: next(answers)) == cached("n", lambda: next(answers)) == 0
        assert cached_on_page("m", lambda: next(answers)) == 1
        assert cached_on_page("m", lambda: next(answers)) == 2


def asked_for_my_posts(client: Client) -> int:
    """Open the inbox; return how often the posts of the user were read."""
    asked: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        assert client.get("/tasks/").status_code == 200
    return sum('"posts_post"."user_id" = %s' in sql for sql in asked)


@pytest.mark.django_db
def test_a_page_reads_the_posts_of_its_user_once(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    client.force_login(a_user("殷虹", "secretary", a_subdistrict().community))
    assert asked_for_my_posts(client) == 1
    # The negative control: a page that is not told that it only reads.
    monkeypatch.setattr("linli.faces.web.middleware.page_cache", nullcontext)
    assert asked_for_my_posts(client) == 2
