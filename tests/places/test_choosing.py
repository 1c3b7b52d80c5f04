"""A place is chosen from a short list or by search; of however many, none is out of reach."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.test import Client

from linli.register.places.actions import add_place
from linli.register.places.forms import FEW, PlaceField
from linli.register.places.queries import MOST_FOUND, places_found, places_in_scope
from linli.register.posts.models import Post
from tests.browser import Visitor
from tests.people import Subdistrict, a_subdistrict, a_user, by_the_system, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def town() -> Subdistrict:
    return a_subdistrict()


@pytest.fixture
def many(town: Subdistrict) -> Subdistrict:
    """A town with more communities than any list has shown; the last three are the far ones."""
    with by_the_system():
        for number in range(1, FEW + MOST_FOUND):
            add_place(parent=town.town, kind="community", name=f"新村{number}社区", by=None)
        for name in ("东海社区", "西海社区", "北海社区"):
            add_place(parent=town.town, kind="community", name=name, by=None)
    return town


class Asking(forms.Form):
    place = PlaceField(label="哪里")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].offer_of(places_in_scope())  # type: ignore[attr-defined]


def asked(**data: str) -> Asking:
    form = Asking(data)
    form.is_valid()
    return form


def test_a_few_places_stand_in_a_list(town: Subdistrict) -> None:
    with working_as("secretary", town.community.path):
        page = str(Asking())
        assert "<select" in page
        assert "next" not in page
        assert page.count("<option") == places_in_scope().count() + 1
        assert asked(place=str(town.estate.pk)).cleaned_data["place"] == town.estate
        assert asked(place=str(town.next_community.pk)).errors, "outside the scope"
        assert asked(place="").errors
        assert asked(place="9" * 30).errors


def test_among_many_a_place_is_found_by_words_and_never_guessed(many: Subdistrict) -> None:
    with working_as("subdistrict_officer", many.town.path):
        assert "<select" not in str(Asking())
        far = asked(place_words="北海社区").cleaned_data["place"]
        assert far.name == "北海社区"
        several = asked(place_words="海社区")
        assert "请选一处" in several.errors["place"][0]
        page = str(several)
        assert all(name in page for name in ("东海社区", "西海社区", "北海社区"))
        given = {"place_words": "海社区", "place_for": "海社区", "place": str(far.pk)}
        assert asked(**given).cleaned_data["place"] == far
        other = asked(**{**given, "place_words": "新村1社区"})
        assert other.cleaned_data["place"].name == "新村1社区", "typed after the other was offered"
        assert asked(**given, place_find="1").errors, "a search chooses nothing"
        part = asked(place_words="北海")
        assert part.errors, "one that only looks like it is asked"
        assert "没有找到" in asked(place_words="南海社区").errors["place"][0]
        assert asked().errors


def test_what_a_search_leaves_out_is_counted(many: Subdistrict) -> None:
    with working_as("subdistrict_officer", many.town.path):
        found = places_found("新村")
        assert len(found.places) == MOST_FOUND
        assert found.more == FEW + MOST_FOUND - 1 - MOST_FOUND
        assert f"还有{found.more}处没有列出" in str(asked(place_words="新村"))


def test_the_last_community_of_many_gets_its_secretary(many: Subdistrict) -> None:
    officer = a_user("ma", "subdistrict_officer", many.town)
    client = Client()
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/posts/give/").content.decode()
    assert 'name="place_words"' in page
    given = {"username": "chen", "name": "陈书记", "role": "secretary", "from_date": "2026-11-01"}
    answer = client.post("/posts/give/", {**given, "place_words": "海社区"})
    assert answer.status_code == 422
    assert "北海社区" in answer.content.decode()
    client.post("/posts/give/", {**given, "place_words": "北海社区"})
    with by_the_system():
        post = Post.objects.get(role="secretary")
        assert (post.place.name, post.user.name) == ("北海社区", "陈书记")


@pytest.mark.parametrize("page", ["/canvasses/start/", "/read-limits/"])
def test_other_pages_offer_the_same_search(many: Subdistrict, page: str) -> None:
    officer = a_user("ma", "subdistrict_officer", many.town)
    client = Client()
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(page)
    assert answer.status_code == 200
    assert 'name="place_words"' in answer.content.decode()


@pytest.mark.browser
def test_the_search_on_phone_and_desktop(browser_page: Visitor) -> None:
    town = a_subdistrict()
    with by_the_system():
        for number in range(1, FEW + 2):
            add_place(parent=town.town, kind="community", name=f"新村{number}社区", by=None)
    browser_page.sign_in(a_user("ma", "subdistrict_officer", town.town))
    page = browser_page.open("/posts/give/")
    page.get_by_label("范围").fill("新村1")
    browser_page.seen.expected_status = 422
    browser_page.click("找地方", role="button")
    page.get_by_label("社区 · 新村11社区").check()
    assert page.get_by_label("社区 · 新村11社区").is_checked()
