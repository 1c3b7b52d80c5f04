"""Who hears a whistle: whoever sits today where its task belongs."""

from __future__ import annotations

from django.db.models import Q

from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.posts.models import Post, User
from linli.workbench.tasks.models import Task


def users_at(task: Task) -> list[User]:
    """Return who holds the post of a task today; nobody when the post is empty."""
    day = today()
    with system_scope("who answers for a place may sit above it"):
        if task.seat_place is None:
            return []
        posts = Post.objects.filter(
            Q(to_date__isnull=True) | Q(to_date__gte=day),
            role=task.seat_role, scope_path=task.seat_place.path, from_date__lte=day,
            ended_at__isnull=True, user__is_active=True,
        )  # fmt: skip
        return [post.user for post in posts.select_related("user").order_by("pk") if post.user]
