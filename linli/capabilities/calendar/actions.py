"""What people do with feeds: make one, take it back."""

from __future__ import annotations

import secrets

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.capabilities.calendar.models import Covers, Feed
from linli.capabilities.calendar.queries import index_of
from linli.core.actions import action, write_journal
from linli.core.endings import Ending
from linli.core.errors import Refused
from linli.register.posts.models import Post, User
from linli.register.posts.permits import role_in
from linli.register.posts.rules import READS_REGISTER

may_read = role_in(READS_REGISTER)
MOST_FEEDS = 10


def may_have(*, post: Post, by: User | None) -> bool:
    """Only whoever holds the post."""
    return by is not None and post.user_id == by.pk and may_read()


def may_revoke(*, feed: Feed, by: User | None) -> bool:
    """Whoever holds the post it belongs to."""
    return by is not None and feed.post.user_id == by.pk


@action("calendar.add_feed", term=gettext_noop("订阅日历"), may=may_have, journal="calendar.added")
def add_feed(*, post: Post, covers: str, name: str, by: User | None) -> tuple[Feed, str]:
    """Make a secret address; it is shown once and kept nowhere."""
    if covers not in Covers.values:
        raise Refused("calendar.covers", _("请选看哪些日子"), "covers")
    if not name.strip():
        raise Refused("calendar.name", _("请写明给哪里用，例如：我的手机"), "name")
    if Feed.objects.filter(post=post, revoked_at__isnull=True).count() >= MOST_FEEDS:
        raise Refused("calendar.many", _("订阅太多，请先停用不用的"))
    token = secrets.token_urlsafe(24)
    feed = Feed(
        post=post,
        covers=covers,
        name=name.strip()[:40],
        token_index=index_of(token),
        scope_path=post.scope_path,
    )
    feed.save()
    write_journal("calendar.added", about=feed, text=feed.name, by=by)
    return feed, token


@action(
    "calendar.revoke_feed",
    term=gettext_noop("停用日历订阅"),
    may=may_revoke,
    journal="calendar.revoked",
)
def revoke_feed(*, feed: Feed, by: User | None) -> Feed:
    """Take a secret address back: from now on it opens nothing."""
    feed.revoked_at = timezone.now()
    feed.save()
    write_journal("calendar.revoked", about=feed, text=feed.name, by=by)
    return feed


def revoke_feeds(rows: QuerySet[Feed], ending: Ending) -> None:
    """Take back the addresses of a post that ends."""
    feeds = list(rows)
    rows.update(revoked_at=timezone.now())
    for feed in feeds:
        write_journal("calendar.revoked", about=feed, text=feed.name, by=ending.by)
