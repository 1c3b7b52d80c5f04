"""Nothing that is made for somebody is kept: every address says so, and the static files do not."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.posts.test_bypass import every_path, inside
from tests.residents.world import Neighbourhood, a_user

pytestmark = pytest.mark.django_db


def kept(client: Client) -> list[str]:
    """What a browser or a proxy may keep, of all that answers."""
    found = []
    for path in every_path():
        if "logout" in path or path.startswith("/static/"):
            continue
        answer = client.get(path)
        if "no-store" not in answer.headers.get("Cache-Control", ""):
            found.append(path)
    return found


@pytest.mark.parametrize("guarded", [True, False])
def test_every_address_says_no_store(here: Neighbourhood, settings: Any, guarded: bool) -> None:
    """Its negative control: without the guard the same walk finds pages that are kept."""
    if not guarded:
        settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if not one.endswith("NoStore")]
    client = inside(a_user("shu", "secretary", here.community))
    found = kept(client)
    assert bool(found) != guarded, found


def test_static_files_keep_their_year(settings: Any) -> None:
    answer = Client().get("/static/built/icons.svg")
    assert answer.status_code == 200
    assert "no-store" not in answer.headers.get("Cache-Control", "")
