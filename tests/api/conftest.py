"""The neighbourhood every story here takes place in, and programs that ask about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from linli.register.places.models import Place
from linli.register.posts.actions import issue_token
from linli.register.posts.models import ApiToken, Post, User
from tests.residents.world import Neighbourhood, a_neighbourhood, a_user, by_the_system

API = "/api/v1"


@dataclass
class Program:
    """A program with a token: asks, and reads the answer as data."""

    user: User
    raw: str
    language: str = "zh-Hans"

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.raw}", "Accept-Language": self.language}

    def get(self, path: str, **asked: Any) -> Any:
        return Client().get(API + path, asked, headers=self._headers())

    def post(self, path: str, **body: Any) -> Any:
        return Client().post(
            API + path, body, content_type="application/json", headers=self._headers()
        )


def a_program(username: str, role: str, place: Place) -> Program:
    """Somebody in a post, and a token that works in it."""
    user = a_user(username, role, place)
    from tests.residents.world import working_as

    if role in ("micro_grid_lead", "property_manager"):
        return Program(user, _by_hand(user))
    with working_as(role, place.path, user):
        post = Post.objects.get(user=user)
        return Program(
            user,
            issue_token(post=post, name="大屏", purpose="每天同步到大屏", days=30, by=user).raw,
        )


def _by_hand(user: User) -> str:
    """Roles that may not issue one: should a token exist, it sees no more than they do."""
    from linli.core.time import today
    from linli.register.posts.tokens import hash_of, new_token

    raw = new_token()
    with by_the_system():
        post = Post.objects.get(user=user)
        ApiToken.objects.create(
            post=post,
            name="旧",
            purpose="以前签发的",
            token_hash=hash_of(raw),
            tail=raw[-4:],
            expires_on=today(),
            scope_path=post.scope_path,
        )
    return raw


@pytest.fixture
def here(db: None) -> Neighbourhood:
    return a_neighbourhood()


@pytest.fixture
def chen(here: Neighbourhood) -> Program:
    return a_program("chen", "community_worker", here.community)


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    def let_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return let_in
