"""An office adds a fact of its own, fills it in, asks for it and stops using it."""

from __future__ import annotations

import re
from datetime import date

import pytest

from tests.edits import edit
from tests.residents.world import a_neighbourhood, a_user, someone, working_as

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def here(client):
    """A secretary at work in a community with one resident."""
    made = a_neighbourhood()
    with working_as("secretary"):
        made.her = someone(made.homes[0], "虞阿香", birth_date=date(1944, 3, 1), sex="2")
    client.force_login(a_user("yin", "secretary", made.community), backend=BACKEND)
    return made


def add(client, here, **given):
    form = {
        "label": "爱好",
        "subject": "person",
        "kind": "choice",
        "choices": "下棋、唱歌",
        "synonyms": "兴趣",
        "unit": "",
        "sensitivity": "internal",
        "place": here.community.pk,
    }
    return client.post("/own-fields/add/", {**form, **given}, follow=True)


def test_a_field_is_added_filled_in_and_asked_for(client, here):
    assert "爱好" in add(client, here).content.decode()
    page = client.get(f"/people/{here.her.pk}/").content.decode()
    assert "自定义信息" in page
    assert "没填" in page
    address = re.search(r"/own-fields/\d+/of/\d+/", page).group()
    edit(client, address, {"value": "下棋"})
    assert "下棋" in client.get(f"/people/{here.her.pk}/").content.decode()
    asked = client.get("/ask/", {"s": "person", "c": "爱好＝下棋"}).content.decode()
    assert "虞阿香" in asked


def test_a_wrong_choice_is_refused_beside_the_field(client, here):
    answer = add(client, here, choices="下棋")
    assert answer.status_code == 422
    assert "选项" in answer.content.decode()


def test_a_retired_field_is_offered_no_more(client, here):
    add(client, here, label="会用手机", kind="flag", choices="")
    page = client.get("/own-fields/").content.decode()
    address = re.search(r"/own-fields/\d+/retire/", page).group()
    assert "停用" in client.get(address).content.decode()
    client.post(address, follow=True)
    assert "会用手机" not in client.get(f"/people/{here.her.pk}/").content.decode()


def test_a_grid_worker_fills_in_but_defines_nothing(client, here):
    add(client, here)
    client.force_login(a_user("zhou", "grid_worker", here.homes[0]), backend=BACKEND)
    assert client.get("/own-fields/add/").status_code == 404
    assert "爱好" in client.get(f"/people/{here.her.pk}/").content.decode()


def test_care_facts_of_the_office_stay_hidden_from_property_managers(client, here):
    add(client, here, label="夜间照看", kind="flag", choices="", sensitivity="care")
    estate = here.homes[0].parent.parent
    client.force_login(a_user("wu", "property_manager", estate), backend=BACKEND)
    assert "夜间照看" not in client.get(f"/people/{here.her.pk}/").content.decode()
