"""A feed belongs to whoever holds the post."""

from __future__ import annotations

import pytest

from linli.capabilities.calendar.actions import MOST_FEEDS, add_feed, revoke_feed
from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.register.posts.models import Post
from tests.people import a_subdistrict, a_user, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def test_only_the_holder_makes_and_revokes_a_feed_and_not_too_many() -> None:
    town = a_subdistrict()
    mine, other = (
        a_user("shuji", "secretary", town.community),
        a_user("lin", "secretary", town.town),
    )
    with system_scope("test"):
        post = Post.objects.select_related("user").get(user=mine)
    with working_as("secretary", town.community.path):
        with pytest.raises(Refused, match="不能"):
            add_feed(post=post, covers="post", name="手机", by=other)
        with pytest.raises(Refused, match="哪些日子"):
            add_feed(post=post, covers="all", name="手机", by=mine)
        with pytest.raises(Refused, match="给哪里用"):
            add_feed(post=post, covers="post", name=" ", by=mine)
        made = [add_feed(post=post, covers="post", name="手机", by=mine) for _ in range(MOST_FEEDS)]
        assert len({token for _feed, token in made}) == MOST_FEEDS
        with pytest.raises(Refused, match="太多"):
            add_feed(post=post, covers="post", name="手机", by=mine)
        with pytest.raises(Refused, match="不能"):
            revoke_feed(feed=made[0][0], by=other)
        assert revoke_feed(feed=made[0][0], by=mine).revoked_at
