"""What the frame of every page needs to know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from linli.core.database.marks import is_demonstration
from linli.core.office.addresses import is_an_address
from linli.core.time import today
from linli.faces.web.drafts import DRAFT_DAYS, owner_of
from linli.faces.web.menu import menu_of
from linli.faces.web.middleware import POST_IN_SESSION
from linli.faces.web.tags.library import CARE_COOKIE
from linli.register.posts.models import Post
from linli.register.posts.queries import posts_held


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return menu, current post, 关怀版 and banner; nothing is read until it is shown."""
    return {
        "care": request.COOKIES.get(CARE_COOKIE) == "on",
        "draft_owner": _lazy(lambda: owner_of(request)),
        "draft_days": DRAFT_DAYS,
        "is_demonstration": _lazy(is_demonstration),
        "languages": settings.LANGUAGES,
        "office": _lazy(lambda: _office(request)),
        "menu": _lazy(lambda: menu_of(request)),
        "posts": _lazy(lambda: _posts(request)),
        "post": _lazy(lambda: current_post(request)),
    }


def _lazy(make: Callable[[], Any]) -> Any:
    return SimpleLazyObject(make)


def _office(request: HttpRequest) -> dict[str, Any]:
    """Return how the visitor came to an office's own site; nothing anywhere else."""
    office = settings.LINLI_OFFICE
    if office is None:
        return {}
    host = request.get_host().rpartition(":")[0] or request.get_host()
    return {
        "by_number": is_an_address(host),
        "steps": office.steps_address if office.has_authority else "",
    }


def _posts(request: HttpRequest) -> list[Post]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    held: list[Post] = getattr(request, "_linli_posts", None) or posts_held(user, today())
    request._linli_posts = held  # type: ignore[attr-defined]
    return held


def current_post(request: HttpRequest) -> Post | str:
    """Return the post the person works in, or "" (false in a template) when there is none."""
    held = _posts(request)
    chosen = request.session.get(POST_IN_SESSION) if held else None
    return next((post for post in held if post.pk == chosen), held[0] if held else "")
