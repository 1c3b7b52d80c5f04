"""Signing in: name and password, a passkey, or one tap in a demonstration."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.core.database.marks import is_demonstration
from linli.core.time import today
from linli.register.posts import actions
from linli.register.posts.forms import SignOutForm
from linli.register.posts.models import Post
from linli.register.posts.queries import demonstration_people, open_tokens_of, signed_in
from linli.register.posts.terms import POST_IN_SESSION

OF_EACH_ROLE = 3


class SignIn(LoginView):  # type: ignore[misc]
    """Ask for name and password; in a demonstration, list who can be tapped."""

    template_name = "posts/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the people of the demonstration."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["people"] = _tappable() if is_demonstration() else []
        return context


def _tappable() -> list[Post]:
    """Return a few of every role, each person once: hundreds lead a micro-grid."""
    shown: dict[str, int] = {}
    seen: set[int | None] = set()
    tappable = []
    for post in demonstration_people(today()):
        if post.user_id in seen or shown.get(post.role, 0) >= OF_EACH_ROLE:
            continue
        seen.add(post.user_id)
        shown[post.role] = shown.get(post.role, 0) + 1
        tappable.append(post)
    return tappable


@require_POST
def demonstration(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demonstration's people; there is no such page elsewhere."""
    if not is_demonstration():
        raise Http404
    wanted = request.POST.get("post", "")
    post = next(
        (candidate for candidate in demonstration_people(today()) if str(candidate.pk) == wanted),
        None,
    )
    if post is None or post.user is None:
        raise Http404
    # Of several backends Django has to be told which one vouches.
    login(request, post.user, backend="django.contrib.auth.backends.ModelBackend")
    request.session[POST_IN_SESSION] = post.pk
    return redirect("web:home")


@require_GET
def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead to the one page where one signs in, keeping where to go afterwards."""
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(reverse("posts:sign-in") + (f"?{query}" if query else ""))


def not_offered(request: HttpRequest, *_args: str) -> HttpResponse:
    """Say that users are made, and passwords reset, by those who give posts."""
    return render(request, "posts/not_offered.html", status=404)


@login_required
@require_GET
def second_factor(request: HttpRequest) -> HttpResponse:
    """Say why a second factor is needed and where to set one."""
    context = {"is_set": is_mfa_enabled(signed_in(request))}
    return render(request, "posts/second_factor.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """Ask, say which tokens go on working, and end every session of one's own."""
    user = signed_in(request)
    remaining = open_tokens_of(user, today())
    form = SignOutForm(request.POST or None, tokens=remaining)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data.get("tokens", [])
        tokens = [token for token in remaining if str(token.pk) in chosen]
        actions.sign_out_everywhere(user=user, tokens=tokens, by=user)
        logout(request)
        messages.success(request, _("已在所有设备退出，请重新登录"))
        return redirect("posts:sign-in")
    context = {"form": form, "remaining": remaining}
    return render(
        request, "posts/sign_out_everywhere.html", context, status=422 if form.errors else 200
    )
