"""From a user to a scope: the posts held today."""

from __future__ import annotations

from datetime import date, timedelta

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from linli.core.actions import writes_allowed
from linli.core.batch_cache import cached_on_page
from linli.core.chinese.pinyin import name_readings, typed_pinyin
from linli.core.database.marks import is_demonstration
from linli.core.errors import NotFound
from linli.core.scope import Scope, current_scope, system_scope
from linli.core.storage import unless_there_is_no_room
from linli.core.time import today
from linli.register.places.models import Place
from linli.register.posts.models import ApiToken, Post, User
from linli.register.posts.rules import MAY_READ_LOGS, READS_REGISTER, must_set_second_factor
from linli.register.posts.terms import Role
from linli.register.posts.tokens import PREFIX, hash_of

# When somebody holds several posts, the first of these speaks for them unless they choose.
ORDER = [role.value for role in Role]


def _rank(role: str) -> int:
    """Return where a role stands; one that no longer exists comes last."""
    return ORDER.index(role) if role in ORDER else len(ORDER)


def posts_held(user: User, on: date) -> list[Post]:
    """Return the posts that ``user`` holds on a day, the widest role first."""
    # There is no scope yet: this decides which it will be.
    with system_scope("which posts does the signed-in user hold"):
        rows = Post.objects.select_related("place").filter(
            Q(to_date__isnull=True) | Q(to_date__gte=on),
            user=user,
            from_date__lte=on,
            ended_at__isnull=True,
        )
        held = cached_on_page(("posts.held", user.pk, on), lambda: list(rows), of_all_scopes=True)
        return sorted(held, key=lambda post: (_rank(post.role), post.scope_path))


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
    # Who reads no register, an auditor, has a role and no rows.
    return Scope(paths if reads else (), chosen.role, purpose, user.pk)


def signed_in(request: HttpRequest) -> User:
    """Return who is signed in; the page has made sure that somebody is."""
    if not isinstance(request.user, User):
        raise NotFound()
    return request.user


def lacks_second_factor(user: User, role: str) -> bool:
    """Does this role demand a second factor here, and has the holder none?"""
    if not settings.SECOND_FACTOR_REQUIRED or not must_set_second_factor(role=role, is_set=False):
        return False
    return not is_mfa_enabled(user) and not is_demonstration()


def log_scope_of(user: User, on: date) -> Scope:
    """Return the scope in which somebody reads logs: where they hold a post that reads them.

    An auditor's own scope has no rows at all; this one is used for the journal alone.
    """
    held = posts_held(user, on) if user.is_active else []
    paths = tuple(post.scope_path for post in held if post.role in MAY_READ_LOGS)
    return Scope(paths, "auditor", "", user.pk)


def scope_of_token(raw: str) -> Scope | None:
    """Return the scope of the post a token was issued for, or None when it opens nothing."""
    token = _token(raw)
    if token is None or token.post.user is None:
        return None
    post = token.post
    held = posts_held(post.user, today()) if post.user.is_active else []
    # A token is worth what its post is: one that has ended opens nothing.
    if post.pk not in [held_post.pk for held_post in held] or post.role not in READS_REGISTER:
        return None
    if lacks_second_factor(post.user, post.role):
        return None
    _note_use(token)
    purpose = gettext("接口：%(name)s（%(purpose)s）") % {
        "name": token.name,
        "purpose": token.purpose,
    }
    return Scope((post.scope_path,), post.role, purpose[:120], post.user_id)


def _token(raw: str) -> ApiToken | None:
    if not raw.startswith(PREFIX):
        return None
    with system_scope("whose token is this"):
        api_token: ApiToken | None = (
            ApiToken.objects.select_related("post", "post__user")
            .filter(token_hash=hash_of(raw), revoked_at__isnull=True, expires_on__gte=today())
            .first()
        )
        return api_token


def _note_use(token: ApiToken) -> None:
    """Note the use, at most once a minute: every call is not worth a write."""
    moment = timezone.now()
    if token.last_used_at and moment - token.last_used_at < timedelta(minutes=1):
        return
    why = "when was a token last used"
    with unless_there_is_no_room(), system_scope(why), writes_allowed(why):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=moment)


def tokens_of(user: User) -> list[ApiToken]:
    """Return somebody's own tokens, with the post each works in."""
    with system_scope("my own tokens, whichever post I work in now"):
        rows = ApiToken.objects.filter(post__user=user).select_related("post", "post__place")
        return list(rows)


def open_tokens_of(user: User, on: date) -> list[ApiToken]:
    """Return somebody's own tokens that still open something."""
    held = {post.pk for post in posts_held(user, on)}
    return [
        token
        for token in tokens_of(user)
        if token.revoked_at is None and token.expires_on >= on and token.post_id in held
    ]


def posts_in_scope(on: date, *, also_ended: bool = False) -> list[Post]:
    """Return the posts below the active scope, the widest first."""
    rows = Post.objects.select_related("place", "user")
    if not also_ended:
        rows = rows.filter(Q(to_date__isnull=True) | Q(to_date__gte=on), ended_at__isnull=True)
    return sorted(rows, key=lambda post: (post.scope_path, _rank(post.role), post.pk))


def holders_of(role: str, place: Place, on: date) -> list[User]:
    """Return who holds a role at a place on a day."""
    rows = Post.objects.select_related("user").filter(
        Q(to_date__isnull=True) | Q(to_date__gte=on),
        role=role,
        place=place,
        from_date__lte=on,
        ended_at__isnull=True,
    )
    return [post.user for post in rows.order_by("pk") if post.user]


def users_called(words: str, most: int = 20) -> tuple[list[User], int]:
    """Return the users of the scope whose name, pinyin or username fits, and how many more."""
    asked = words.split()
    fitting = [user for user in users_in_scope() if all(_is_called(user, one) for one in asked)]
    # The whole name first: of 王芳 and 王芳芳 the one that was typed.
    fitting.sort(key=lambda user: (user.name != words.strip(), user.name, user.username))
    return fitting[:most], max(0, len(fitting) - most)


def _is_called(user: User, word: str) -> bool:
    if word in user.name or user.username.startswith(word.lower()):
        return True
    typed = typed_pinyin(word) if word.isascii() else ""
    readings = name_readings(user.name) if typed and user.name else ()
    return any(one.full.startswith(typed) or one.initials.startswith(typed) for one in readings)


def users_in_scope() -> list[User]:
    """Return who holds or held a post here; for the installation itself, every user."""
    rows = User.objects.order_by("username")
    if not current_scope().everything:
        rows = rows.filter(pk__in=Post.objects.filter(user__isnull=False).values("user"))
    return list(rows)


def demonstration_people(on: date) -> list[Post]:
    """Return who can be tapped on the sign-in page of a demonstration: one of each kind of post."""
    with system_scope("the people of the demonstration"):
        rows = Post.objects.select_related("place", "user").filter(
            Q(to_date__isnull=True) | Q(to_date__gte=on),
            from_date__lte=on,
            user__is_active=True,
            ended_at__isnull=True,
        )
        return sorted(rows, key=lambda post: (_rank(post.role), post.scope_path))


def last_post(user: User) -> Post | None:
    """Return the post somebody held last, or will hold: for the page that says they have none."""
    with system_scope("which post did the signed-in user hold last"):
        rows = Post.objects.select_related("place").filter(user=user)
        post: Post | None = rows.order_by("-to_date", "-from_date").first()
        return post


def user_named(username: str) -> User | None:
    """Return the user with this username, if there is one."""
    return User.objects.filter(username=username.strip().lower()).first()
