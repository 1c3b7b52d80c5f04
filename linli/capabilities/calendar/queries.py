"""Feeds, what opens one, and which tasks belong to a post."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from linli.capabilities.calendar.models import Feed
from linli.core.errors import NotFound
from linli.core.personal_data.crypto import blind_index
from linli.core.scope import Scope, current_scope, one_or_not_found, system_scope
from linli.core.time import today
from linli.register.posts.models import Post, User
from linli.register.posts.queries import lacks_second_factor, posts_held
from linli.register.posts.rules import READS_REGISTER


def index_of(token: str) -> str:
    """Return what is stored of a secret address: one way."""
    return blind_index(token, "calendar feed")


def seats_of(role: str, path: str) -> Q:
    """Return the condition for the tasks of a seat."""
    return Q(seat_role=role, seat_place__path=path)


def my_post(user: User) -> Post:
    """Return the post that is worked in."""
    scope = current_scope()
    for post in posts_held(user, today()):
        if post.role == scope.role and post.scope_path in scope.paths:
            return post
    raise NotFound()


def my_feeds(user: User) -> QuerySet[Feed]:
    """Return one's own feeds that still open."""
    feeds: QuerySet[Feed] = Feed.objects.filter(post__user=user, revoked_at__isnull=True)
    return feeds.select_related("post")


def feed_or_not_found(user: User, pk: int) -> Feed:
    """Return one of one's own feeds."""
    feed: Feed = one_or_not_found(my_feeds(user), pk=pk)
    return feed


def opened_by(token: str) -> tuple[Feed, Scope] | None:
    """Return the feed of a secret address and what it may see; the post must still be held."""
    with system_scope("whose calendar is this"):
        feed = (
            Feed.objects.select_related("post__place", "post__user")
            .filter(token_index=index_of(token), revoked_at__isnull=True)
            .first()
        )
        if feed is None or feed.post.user is None or not feed.post.user.is_active:
            return None
        post: Post = feed.post
        # Asked at every read: the address outlives the post, what it opens does not.
        held = [post_held.pk for post_held in posts_held(post.user, today())]
        if (
            post.pk not in held
            or post.role not in READS_REGISTER
            or lacks_second_factor(post.user, post.role)
        ):
            return None
        # The role the post has now: who came to see less reads less at the same address.
        return feed, Scope((post.scope_path,), post.role, "calendar", post.user_id)
