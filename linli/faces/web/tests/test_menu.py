"""The menu's addresses are looked up once, and hold wherever the product is served."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test.utils import override_settings
from django.urls import path
from django.urls.base import set_script_prefix

from linli.core.interface import registry
from linli.faces.web.menu import _address, open_pages

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
