"""Asking the resident: by another person on the phone, or on a page of their own."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.capabilities.visits import actions, queries, rules
from linli.capabilities.visits.forms import AnswerForm, WordsForm
from linli.capabilities.visits.terms import AskingState
from linli.core.errors import Refused
from linli.core.interface.registry import record_address
from linli.core.network.rate_limit import address_of, is_too_much
from linli.core.scope import system_scope
from linli.register.posts.queries import signed_in
from linli.workbench.web.action_page import do, only, tell

LONGEST_TOKEN = 40
GUESSES, CALLS, SECONDS = 20, 120, 3600
TOO_MUCH = 429


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the resident and write down what they say; or hand them their own page."""
    only(rules.MAY_VISIT)
    asking = queries.asking_or_not_found(pk)
    form = AnswerForm(request.POST or None, about_promise=asking.promise_id is not None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_asking(asking=asking, by=signed_in(request), **form.given())
        except Refused as refused:
            tell(form, refused)
    is_open = asking.state == AskingState.OPEN
    link = request.build_absolute_uri(reverse("visits:felt", args=[queries.token_of(asking)]))
    is_own = queries.is_own(asking, signed_in(request))
    context = {
        "asking": asking, "form": form, "is_open": is_open, "is_own": is_own,
        # Who made the visit gets no link: with it they could answer as the resident.
        "link": "" if is_own else link, "qr": _qr(link) if is_open and not is_own else "",
        "person_href": record_address("people.person", asking.person_id),
    }  # fmt: skip
    return render(request, "visits/asking.html", context, status=422 if form.errors else 200)


def _qr(link: str) -> str:
    import segno

    return str(segno.make(link, error="m").svg_data_uri(scale=5, border=2))


@login_required
@require_http_methods(["GET", "POST"])
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep that the resident does not want to say."""
    only(rules.MAY_VISIT)
    asking = queries.asking_or_not_found(pk)
    by = signed_in(request)
    return do(
        request, WordsForm(request.POST or None), title=_("居民不想说"), said=_("已记下"),
        back=reverse("visits:asking", args=[pk]), note=str(asking.person),
        run=lambda _given: actions.decline_asking(asking=asking, by=by) and None,
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def felt(request: HttpRequest, token: str) -> HttpResponse:
    """Let a resident, or who helps them, say how it was: no account, no name on the page."""
    who = address_of(request)
    wrong = is_too_much("felt-guess", who, GUESSES, seconds=SECONDS, add=0)
    if wrong or is_too_much("felt", who, CALLS, seconds=SECONDS):
        return render(request, "visits/felt_over.html", {"busy": True}, status=TOO_MUCH)
    with system_scope("a personal link opens its one question"):
        asking = queries.asking_of(token) if len(token) <= LONGEST_TOKEN else None
        if asking is None:
            is_too_much("felt-guess", who, GUESSES, seconds=SECONDS)
            return render(request, "visits/felt_over.html", status=404)
        reader = signed_in(request) if request.user.is_authenticated else None
        if queries.is_own(asking, reader):
            return render(request, "visits/felt_over.html", {"is_own": True}, status=403)
        form = AnswerForm(request.POST or None, about_promise=asking.promise_id is not None)
        if request.method == "POST" and form.is_valid():
            try:
                actions.answer_asking(asking=asking, by=None, reader=reader, **form.given())
            except Refused as refused:
                tell(form, refused)
        context = {
            "form": form, "asking": asking, "is_open": asking.state == AskingState.OPEN,
        }  # fmt: skip
        return render(request, "visits/felt.html", context, status=422 if form.errors else 200)
