"""Posts inside my scope: who holds what where; giving, ending, a new password."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linli.core.errors import NotFound, Refused
from linli.core.interface.return_address import return_address
from linli.core.interface.view_models import Cell, Column
from linli.core.scope import current_scope, one_or_not_found
from linli.core.time import today
from linli.register.posts import actions
from linli.register.posts.actions.second_factor_resets import (
    agree_reset,
    ask_reset,
    may_agree,
    waiting_resets,
)
from linli.register.posts.forms import GivePostForm, ResetReasonForm
from linli.register.posts.models import Post, User
from linli.register.posts.queries import posts_in_scope, signed_in
from linli.register.posts.rules import MAY_GIVE_POSTS, may_give_role

A_PAGE = 50


def _check_may_give() -> None:
    if current_scope().role not in MAY_GIVE_POSTS:
        raise NotFound()


@login_required
@require_GET
def posts(request: HttpRequest) -> HttpResponse:
    """List the posts inside my scope."""
    _check_may_give()
    also_ended = request.GET.get("ended") == "1"
    listed = posts_in_scope(today(), also_ended=also_ended)
    page = Paginator(listed, A_PAGE).get_page(request.GET.get("page"))
    columns = [
        Column(_("姓名")),
        Column(_("岗位")),
        Column(_("范围")),
        Column(_("任期")),
        Column(_("办理")),
    ]
    context = {
        "columns": columns,
        "rows": [_row(post, signed_in(request)) for post in page],
        "page": page,
        "also_ended": also_ended,
        "count": len(listed),
        "resets": waiting_resets().select_related("user", "by"),
    }
    return render(request, "posts/posts.html", context)


def _row(post: Post, me: User) -> list[Any]:
    end = post.to_date.isoformat() if post.to_date else _("长期")
    over = post.ended_at is not None or (post.to_date is not None and post.to_date < today())
    return [
        Cell(post.user or _("空岗"), note=post.user.username if post.user else ""),
        post.title or post.get_role_display(),
        post.place.address or post.place.name,
        Cell(f"{post.from_date.isoformat()} – {end}", tone="muted" if over else ""),
        _what_to_do(post, me, over=over),
    ]


def _what_to_do(post: Post, me: User, *, over: bool) -> Cell:
    if over:
        return Cell(_("已结束"))
    if post.user_id == me.pk or not may_give_role(giver=current_scope().role, given=post.role):
        return Cell("—")
    return Cell(_("结束或重设"), reverse("posts:end", args=[post.pk]))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def give(request: HttpRequest) -> HttpResponse:
    """Give a post, making the user on the way when there is none of that name."""
    _check_may_give()
    # Whoever came from an empty post finds it filled in, and goes back there afterwards.
    chosen = {name: request.GET.get(name, "") for name in ("role", "place")}
    form = GivePostForm(request.POST or None, **chosen)
    back = return_address(request, otherwise=reverse("posts:posts"))
    if request.method == "POST" and form.is_valid():
        try:
            return _given(request, form.cleaned_data, back)
        except Refused as refused:
            if refused.code == "user.ask_same":
                form.ask_same()
            form.add_error(refused.field if refused.field in form.fields else None, _words(refused))
    status = 422 if form.errors else 200
    return render(request, "posts/give.html", {"form": form, "back": back}, status=status)


def _words(refused: Refused) -> str:
    return f"{refused.sentence}。{refused.hint}" if refused.hint else str(refused.sentence)


def _given(request: HttpRequest, cleaned: dict[str, Any], back: str) -> HttpResponse:
    by = signed_in(request)
    password = ""
    # A refused post leaves no user behind.
    with transaction.atomic():
        user = cleaned["user"] or actions.known_user(
            username=cleaned["username"], name=cleaned["name"], is_same=cleaned["is_same"]
        )
        if user is None:
            new = actions.add_user(username=cleaned["username"], name=cleaned["name"], by=by)
            user, password = new.user, new.password
        post = actions.give_post(
            user=user,
            role=cleaned["role"],
            place=cleaned["place"],
            from_date=cleaned["from_date"],
            to_date=cleaned["to_date"],
            title=cleaned["title"],
            by=by,
        )
    if password:
        context = {"user_of": user, "password": password, "post_of": post, "back": back}
        return render(request, "posts/password.html", context)
    messages.success(request, _("已任命：%(post)s") % {"post": post})
    return redirect(back)


@login_required
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then end a post at once."""
    _check_may_give()
    post = one_or_not_found(Post.objects.select_related("user", "place"), pk=pk)
    if request.method == "POST":
        actions.end_post(post=post, by=signed_in(request))
        messages.success(request, _("已结束：%(post)s") % {"post": post})
        return redirect("posts:posts")
    return render(request, "posts/end.html", {"post_of": post})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then give the holder of a post a new password, shown once."""
    _check_may_give()
    post = one_or_not_found(Post.objects.select_related("user", "place"), pk=pk)
    holder: User | None = post.user
    if holder is None:
        raise NotFound()
    if request.method == "POST":
        new = actions.reset_password(user=holder, by=signed_in(request))
        context = {"user_of": new.user, "password": new.password, "post_of": post}
        context["back"] = reverse("posts:posts")
        return render(request, "posts/password.html", context)
    return render(request, "posts/reset.html", {"post_of": post})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def reset_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the holder's second factor to be taken away; a second person has to confirm."""
    _check_may_give()
    post = one_or_not_found(Post.objects.select_related("user", "place"), pk=pk)
    if post.user is None:
        raise NotFound()
    form = ResetReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ask_reset(post=post, reason=form.cleaned_data["reason"], by=signed_in(request))
        except Refused as refused:
            form.add_error(None, _words(refused))
        else:
            messages.success(request, _("已申请，要另一位有任命权的人在3天内确认"))
            return redirect("posts:posts")
    context = {"post_of": post, "form": form}
    status = 422 if form.errors else 200
    return render(request, "posts/ask_second_factor.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def agree_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was asked, by whom and why; confirm it as the second person."""
    _check_may_give()
    reset = one_or_not_found(waiting_resets().select_related("user", "by"), pk=pk)
    if request.method == "POST":
        agree_reset(reset=reset, by=signed_in(request))
        messages.success(request, _("已重设%(name)s的第二道验证") % {"name": reset.user})
        return redirect("posts:posts")
    context = {"reset": reset, "may_agree": may_agree(reset=reset)}
    return render(request, "posts/agree_second_factor.html", context)
