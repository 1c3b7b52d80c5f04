"""A token works in one post, for a purpose, until it ends; only its hash is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from linli.core.errors import Refused
from linli.core.time import today
from linli.register.posts.actions import IssuedToken, end_post, issue_token, revoke_token
from linli.register.posts.models import ApiToken, Post, User
from linli.register.posts.queries import scope_of_token
from tests.browser import Visitor
from tests.residents.world import Neighbourhood, a_user, by_the_system, working_as

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def chen(here: Neighbourhood) -> User:
    return a_user("chen", "community_worker", here.community)


def issued(chen: User, **given: Any) -> IssuedToken:
    given = {"name": "大屏", "purpose": "每天同步到大屏", "days": 30} | given
    with working_as("community_worker", user=chen):
        return issue_token(post=Post.objects.get(user=chen), by=chen, **given)


def test_a_token_opens_the_scope_of_its_post(here: Neighbourhood, chen: User) -> None:
    new = issued(chen)
    scope = scope_of_token(new.raw)
    assert scope is not None
    assert (scope.paths, scope.role, scope.user_id) == (
        (here.community.path,),
        "community_worker",
        chen.pk,
    )
    assert "大屏" in scope.purpose
    with by_the_system():
        api_token = ApiToken.objects.get()
        assert new.raw not in str(vars(api_token))
        assert api_token.last_used_at is not None


@pytest.mark.parametrize("raw", ["", "linli_", "linli_wrong", "x" * 5000, "'; --"])
def test_anything_else_opens_nothing(chen: User, raw: str) -> None:
    issued(chen)
    assert scope_of_token(raw) is None


def test_it_ends_with_its_day_its_post_its_user_or_by_hand(here: Neighbourhood, chen: User) -> None:
    tokens = [issued(chen, name=f"第{n}个") for n in range(4)]
    with by_the_system():
        ApiToken.objects.filter(pk=tokens[0].token.pk).update(
            expires_on=today() - timedelta(days=1)
        )
    assert scope_of_token(tokens[0].raw) is None
    with working_as("community_worker", user=chen):
        revoke_token(token=tokens[1].token, by=chen)
        with pytest.raises(Refused, match="已经停用"):
            revoke_token(token=tokens[1].token, by=chen)
    assert scope_of_token(tokens[1].raw) is None
    with by_the_system():
        User.objects.filter(pk=chen.pk).update(is_active=False)
    assert scope_of_token(tokens[2].raw) is None
    with by_the_system():
        User.objects.filter(pk=chen.pk).update(is_active=True)
    assert scope_of_token(tokens[2].raw) is not None
    with working_as("secretary"):
        end_post(post=Post.objects.get(user=chen), by=None)
    assert scope_of_token(tokens[3].raw) is None


def test_a_purpose_a_name_and_an_end_are_asked(chen: User) -> None:
    for given in ({"name": " "}, {"purpose": "看"}, {"days": 0}, {"days": 4000}):
        with pytest.raises(Refused):
            issued(chen, **given)


def test_nobody_issues_for_another_or_for_a_role_that_takes_no_lists(
    here: Neighbourhood, chen: User
) -> None:
    other = a_user("wu", "property_manager", here.community)
    with working_as("property_manager", user=other):
        mine = Post.objects.get(user=other)
        theirs = Post.objects.get(user=chen)
        for post in (mine, theirs):
            with pytest.raises(Refused):
                issue_token(post=post, name="x", purpose="随便看看", days=3, by=other)


def test_the_page_shows_the_token_once(here: Neighbourhood, chen: User) -> None:
    client = Client()
    client.force_login(chen, backend="django.contrib.auth.backends.ModelBackend")
    with by_the_system():
        post = Post.objects.get(user=chen)
    answer = client.post(
        "/tokens/", {"post": post.pk, "name": "大屏", "purpose": "每天同步到大屏", "days": 90}
    )
    page = answer.content.decode()
    assert "linli_" in page
    assert "linli_" not in client.get("/tokens/").content.decode()
    assert client.post("/tokens/", {"post": post.pk}).status_code == 422
    with by_the_system():
        pk = ApiToken.objects.get().pk
    assert client.post(f"/tokens/{pk}/revoke/").status_code == 302
    stranger = Client()
    stranger.force_login(
        a_user("wu", "community_worker", here.community),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    assert stranger.get(f"/tokens/{pk}/revoke/").status_code == 404


@pytest.mark.browser
def test_tokens_on_phone_and_desktop(browser_page: Visitor, here_live: Neighbourhood) -> None:
    browser_page.sign_in(a_user("chen", "community_worker", here_live.community))
    page = browser_page.open("/tokens/")
    page.get_by_label("名称").fill("大屏")
    page.get_by_label("用途").fill("每天同步到大屏")
    browser_page.click("签发", role="button")
