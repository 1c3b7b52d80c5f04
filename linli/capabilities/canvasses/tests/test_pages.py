"""Canvasses: two workers at one door."""

from __future__ import annotations

import pytest
from django.test import Client

from linli.commons.coverage import actions, queries
from linli.commons.coverage.models import Coverage
from linli.commons.coverage.tests.test_actions import opened
from linli.core.scope import system_scope
from tests.people import a_subdistrict, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def test_two_pages_open_at_once_are_not_two_tries() -> None:
    town = a_subdistrict()
    chen = a_user("chen", "community_worker", town.community)
    lin = a_user("lin", "grid_worker", town.grids[0])
    with system_scope("test"):
        canvass = opened(town)
        stop = queries.rows_of(canvass).first()
        address = f"/canvasses/{canvass.pk}/stops/{stop.pk}/"
    pages = []
    for user in (chen, lin):
        client = Client()
        client.force_login(user)
        form = client.get(address).context["form"]
        hidden = {name: form[name].value() for name in ("form_token", "tries")}
        pages.append((client, {"result": "absent", "way": "door", **hidden}))
    first, second = (client.post(address, given) for client, given in pages)
    assert (first.status_code, second.status_code) == (302, 422)
    assert "用户chen刚才已记为“没人在家”" in second.content.decode()
    with system_scope("test"):
        stop.refresh_from_db()
        assert stop.tries == 1
    # Whoever reads that and sends it again has been there as well.
    client, given = pages[1]
    given["tries"] = second.context["form"]["tries"].value()
    assert client.post(address, given).status_code == 302
    with system_scope("test"):
        stop.refresh_from_db()
        assert stop.tries == 2


def test_a_canvass_closed_while_the_page_was_open_says_so_and_keeps_the_words() -> None:
    town = a_subdistrict()
    lin = a_user("lin", "grid_worker", town.grids[0])
    with system_scope("test"):
        canvass = opened(town)
        stop = queries.rows_of(canvass).first()
    address = f"/canvasses/{canvass.pk}/stops/{stop.pk}/"
    client = Client()
    client.force_login(lin)
    form = client.get(address).context["form"]
    with system_scope("test"):
        actions.close_coverage(coverage=canvass, confirmed=stop_count(canvass), by=None)
    words = "说下周三\r\n带儿子去社区办"
    given = {name: form[name].value() for name in ("form_token", "tries")}
    answer = client.post(address, {"result": "reached", "way": "door", "words": words, **given})
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "这次走访已经结束" in said
    assert "说下周三\n带儿子去社区办" in said


def stop_count(canvass: Coverage) -> int:
    """How many households are still open."""
    return queries.progress(canvass).open
