"""Canvasses: two workers at one door."""

from __future__ import annotations

import pytest
from django.test import Client

from linli.commons.coverage import queries
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
