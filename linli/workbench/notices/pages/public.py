"""The personal link: a resident without an account says "read", and answers in a line."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.core.errors import Refused
from linli.core.network.rate_limit import address_of, is_rate_limited
from linli.core.scope import system_scope
from linli.register.posts.models import User
from linli.workbench.notices import actions, queries
from linli.workbench.notices.forms import NoticeReplyForm
from linli.workbench.notices.models import Delivery
from linli.workbench.notices.pages.common import tell_form

GUESSES, CALLS, SECONDS = 20, 120, 600
LONGEST_TOKEN = 40


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Show one message to whoever holds its link, and take "read" and a short answer."""
    # Wrong tokens are only asked about here; they are counted once one has proved wrong.
    if _is_too_much(request, "guess", GUESSES, add=0) or _is_too_much(request, "call", CALLS):
        return render(request, "notices/slow_down.html", status=429)
    with system_scope("a personal link opens its one message"):
        row = queries.delivery_by_token(token) if len(token) <= LONGEST_TOKEN else None
    if row is None:
        _is_too_much(request, "guess", GUESSES)
        return render(request, "notices/no_such_link.html", status=404)
    form = NoticeReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answered(row, form.cleaned_data["words"], by=None)
        except Refused as refused:
            tell_form(form, refused)
        else:
            return redirect("notices:link", token)
    context = {"row": row, "form": form}
    return render(request, "notices/link.html", context, status=422 if form.errors else 200)


def answered(row: Delivery, words: str, *, by: User | None) -> None:
    """Note that a message was read, wherever it lies."""
    with system_scope("the recipient of a message says that they have read it"):
        actions.answer_notice(delivery=row, by=by, words=words)


def _is_too_much(request: HttpRequest, what: str, most: int, *, add: int = 1) -> bool:
    """Count from one address in ten minutes."""
    return is_rate_limited(f"notice {what}", address_of(request), most, seconds=SECONDS, add=add)
