"""From a user to a scope: the posts held today."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.http import HttpRequest

from linli.core.errors import NotFound
from linli.core.scope import Scope, system_scope
from linli.register.posts.models import Post, User
from linli.register.posts.rules import READS_REGISTER
from linli.register.posts.terms import Role

# When somebody holds several posts, the first of these speaks for them unless they choose.
ORDER = [role.value for role in Role]


def posts_held(user: User, on: date) -> list[Post]:
    """Return the posts that ``user`` holds on a day, the widest role first."""
    with system_scope("which posts does the signed-in user hold"):
        rows = Post.objects.select_related("place").filter(
            Q(to_date__isnull=True) | Q(to_date__gte=on), user=user, from_date__lte=on
        )
        return sorted(rows, key=lambda post: (ORDER.index(post.role), post.scope_path))


def scope_of(user: User, on: date, *, post_id: int | None = None, purpose: str = "") -> Scope:
    """Return the scope of one post and of the user's other posts with the same role.

    Posts with another role are another scope: rights of two roles never add up.
    """
    held = posts_held(user, on) if user.is_active else []
    chosen = next((post for post in held if post.pk == post_id), held[0] if held else None)
    if chosen is None:
        return Scope((), "none", purpose, user.pk)
    paths = tuple(post.scope_path for post in held if post.role == chosen.role)
    reads = chosen.role in READS_REGISTER
    return Scope(paths if reads else (), chosen.role, purpose, user.pk)


def signed_in(request: HttpRequest) -> User:
    """Return who is signed in; the page has made sure that somebody is."""
    if not isinstance(request.user, User):
        raise NotFound()
    return request.user
