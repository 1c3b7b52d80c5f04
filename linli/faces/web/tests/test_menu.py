"""The menu's addresses are looked up once, and hold wherever the product is served."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import RequestFactory
from django.test.utils import override_settings
from django.urls import path
from django.urls.base import set_script_prefix

from linli.core.interface import registry
from linli.faces.web.menu import _address, menu_of, open_pages
from tests.people import a_subdistrict, working_as

urlpatterns: list[object] = [path("elsewhere/", lambda request: None, name="nowhere")]


@pytest.fixture(autouse=True)
def at_the_root() -> Iterator[None]:
    yield
    set_script_prefix("/")


def addresses() -> set[str]:
    return {_address(page.url_name) for key in registry.GROUPS for page in registry.pages(key)}


def test_below_a_prefix_every_address_has_it() -> None:
    plain = addresses() - {""}
    set_script_prefix("/linli/")
    assert {f"/linli{address}" for address in plain} == addresses() - {""}


def test_what_has_no_address_is_not_shown_and_nothing_is_kept_of_other_addresses() -> None:
    assert addresses() - {""}
    with override_settings(ROOT_URLCONF=__name__):
        assert addresses() == {""}
        assert not open_pages("today", None)
    assert addresses() - {""}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "tabs"),
    [
        ("secretary", ["today", "walk", "add", "places", "mine"]),
        ("micro_grid_lead", ["today", "add", "places", "mine"]),
        ("auditor", ["today", "mine"]),
    ],
)
def test_a_tab_with_nothing_in_it_for_a_post_is_not_shown(role: str, tabs: list[str]) -> None:
    town = a_subdistrict()
    request = RequestFactory().get("/cases/12/")
    with working_as(role, town.community.path):
        menu = menu_of(request)
    assert [tab.key for tab in menu.tabs] == tabs
    shown = {page.key for group in menu.groups for page in group.pages}
    assert ("cases.all" in shown) == (role != "auditor")
    assert ("journal.logs" in shown) == (role == "auditor")
    assert not menu.group("emergency"), "a group without a page is not there"


@pytest.mark.django_db
def test_only_the_group_one_is_in_stands_open() -> None:
    town = a_subdistrict()
    with working_as("secretary", town.community.path):
        menu = menu_of(RequestFactory().get("/cases/12/"))
        assert [group.key for group in menu.groups if group.is_current] == ["affairs"]
        assert [tab.key for tab in menu.tabs if tab.is_current] == ["today"]
        home = menu_of(RequestFactory().get("/"))
        assert [group.key for group in home.groups if group.is_current] == ["today"]
