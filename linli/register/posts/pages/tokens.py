"""My tokens for programs: issued, shown once, revoked."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.core.errors import NotFound, Refused
from linli.core.time import today
from linli.register.posts import actions
from linli.register.posts.forms import IssueTokenForm
from linli.register.posts.queries import posts_held, signed_in, tokens_of
from linli.register.posts.rules import MAY_ISSUE_TOKENS


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """List my tokens and issue another; its text is shown this once."""
    user = signed_in(request)
    held = [post for post in posts_held(user, today()) if post.role in MAY_ISSUE_TOKENS]
    if not held:
        raise NotFound()
    form = IssueTokenForm(request.POST or None, posts=held)
    issued = None
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        post = next(held_post for held_post in held if str(held_post.pk) == cleaned["post"])
        try:
            issued = actions.issue_token(
                post=post,
                name=cleaned["name"],
                purpose=cleaned["purpose"],
                days=cleaned["days"],
                by=user,
            )
            form = IssueTokenForm(posts=held)
        except Refused as refused:
            form.add_error(
                refused.field if refused.field in form.fields else None, str(refused.sentence)
            )
    context = {"form": form, "issued": issued, "tokens": tokens_of(user), "on": today()}
    return render(request, "posts/tokens.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then make a token open nothing."""
    user = signed_in(request)
    token = next((api_token for api_token in tokens_of(user) if api_token.pk == pk), None)
    if token is None:
        raise NotFound()
    if request.method == "POST":
        actions.revoke_token(token=token, by=user)
        messages.success(request, _("已停用：%(name)s") % {"name": token.name})
        return redirect("posts:tokens")
    return render(request, "posts/revoke.html", {"token": token})
