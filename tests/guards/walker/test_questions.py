"""Questions asked by programs: each role counts and lists its own people and nobody else's."""

from __future__ import annotations

import json
from datetime import date

import pytest

from linli.core.scope import guard_switched_off_for_negative_control
from linli.register.posts.models import ApiToken, Post
from linli.register.posts.tokens import PREFIX, hash_of
from tests.guards.walker.test_every_address import leaks
from tests.guards.walker.town import Walk, a_walk
from tests.guards.walker.walk import Walker, everything_said
from tests.scope.world import by_the_system

pytestmark = [pytest.mark.django_db, pytest.mark.postgres(by_night=True)]

# Everybody of the walk is about ninety; three live in each neighbourhood.
EVERYBODY = {"sentence": "60岁以上的居民"}
COUNTS = {"subdistrict_officer": 9, "secretary": 6, "community_worker": 6, "grid_worker": 3}
ADDRESSES = {"count": {}, "list": {"limit": 100}, "cross-tab": {"row": "community"}}


def a_token(walk: Walk, role: str) -> str:
    """Give the role's post a token, once."""
    raw = f"{PREFIX}{role}-of-the-walk"
    with by_the_system():
        post = Post.objects.filter(user=walk.users.get(role)).first()
        if post is not None:
            ApiToken.objects.get_or_create(
                token_hash=hash_of(raw),
                defaults={
                    "post": post,
                    "expires_on": date(2099, 1, 1),
                    "scope_path": post.scope_path,
                },
            )
    return raw


def ask(walk: Walk, role: str, what: str) -> tuple[int, str]:
    """Ask about everybody in this role; return the status and everything that was said."""
    answer = Walker().client.post(
        f"/api/v1/conditions/{what}",
        json.dumps({**EVERYBODY, **ADDRESSES[what]}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {a_token(walk, role)}"},
    )
    return answer.status_code, everything_said(answer)  # type: ignore[arg-type]


@pytest.mark.parametrize("role", [*COUNTS, "property_manager", "auditor", "nobody", "anonymous"])
def test_a_question_is_answered_from_the_scope(role: str) -> None:
    walk = a_walk()
    for what in ADDRESSES:
        status, said = ask(walk, role, what)
        assert status < 500
        assert not leaks(walk, role, said), (role, what)
        if role in COUNTS:
            assert status == 200, said
    if role in COUNTS:
        _, said = ask(walk, role, "count")
        assert f'"count": {COUNTS[role]}' in said or f'"count":{COUNTS[role]}' in said


def test_without_the_guard_it_counts_the_neighbours() -> None:
    walk = a_walk()
    with guard_switched_off_for_negative_control():
        _, said = ask(walk, "grid_worker", "list")
    assert leaks(walk, "grid_worker", said)
