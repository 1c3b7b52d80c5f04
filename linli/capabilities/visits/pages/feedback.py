"""Asking the resident: by another person on the phone, or on a page of their own."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.capabilities.visits import actions, queries, rules
from linli.capabilities.visits.forms import FeedbackForm, FindingForm, WordsForm
from linli.capabilities.visits.terms import FeedbackState
from linli.core.errors import Refused
from linli.core.interface.registry import record_address
from linli.core.network.rate_limit import address_of, is_rate_limited
from linli.core.scope import system_scope
from linli.register.posts.queries import signed_in
from linli.workbench.web.action_page import action_page, add_refusal, require_role

LONGEST_TOKEN = 40
GUESSES, CALLS, SECONDS = 20, 120, 3600
TOO_MUCH = 429


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the resident and write down what they say; or hand them their own page."""
    require_role(rules.MAY_VISIT)
    feedback_request = queries.feedback_request_or_not_found(pk)
    form = FeedbackForm(request.POST or None, about_promise=feedback_request.promise_id is not None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_feedback(
                feedback_request=feedback_request, by=signed_in(request), **form.given()
            )
        except Refused as refused:
            add_refusal(form, refused)
    is_open = feedback_request.state == FeedbackState.OPEN
    link = request.build_absolute_uri(
        reverse("visits:feedback-page", args=[queries.token_of(feedback_request)])
    )
    is_own = queries.is_own(feedback_request, signed_in(request))
    context = {
        "feedback_request": feedback_request,
        "form": form,
        "is_open": is_open,
        "is_own": is_own,
        # Who made the visit gets no link: with it they could answer as the resident.
        "link": "" if is_own else link,
        "qr": _qr(link) if is_open and not is_own else "",
        "person_href": record_address("people.person", feedback_request.person_id),
    }
    return render(request, "visits/feedback.html", context, status=422 if form.errors else 200)


def _qr(link: str) -> str:
    import segno

    return str(segno.make(link, error="m").svg_data_uri(scale=5, border=2))


@login_required
@require_http_methods(["GET", "POST"])
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep that the resident does not want to say."""
    require_role(rules.MAY_VISIT)
    feedback_request = queries.feedback_request_or_not_found(pk)
    by = signed_in(request)
    return action_page(
        request,
        WordsForm(request.POST or None),
        title=_("居民不想说"),
        said=_("已记下"),
        back=reverse("visits:feedback", args=[pk]),
        note=str(feedback_request.person),
        run=lambda _given: (
            actions.decline_feedback(feedback_request=feedback_request, by=by) and None
        ),
    )


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Look into what a resident said against a visit or a promise: both words, one finding."""
    require_role(rules.MAY_SETTLE)
    feedback_request = queries.feedback_request_or_not_found(pk)
    by = signed_in(request)
    form = FindingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.settle_dispute(feedback_request=feedback_request, by=by, **form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("已记下；居民会按原来的方式知道结果"))
            return redirect("tasks:inbox")
    context = {
        "feedback_request": feedback_request,
        "form": form,
        "is_own": queries.is_own(feedback_request, by),
        "words": queries.words_of(feedback_request),
        "word": queries.word_against(feedback_request),
        "person_href": record_address("people.person", feedback_request.person_id),
    }
    return render(request, "visits/settle.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def feedback_page(request: HttpRequest, token: str) -> HttpResponse:
    """Let a resident, or who helps them, say how it was: no account, no name on the page."""
    who = address_of(request)
    # Looked at before the token is: once the guesses are used up a right one opens nothing
    # either.
    wrong = is_rate_limited("felt-guess", who, GUESSES, seconds=SECONDS, add=0)
    if wrong or is_rate_limited("rating", who, CALLS, seconds=SECONDS):
        return render(request, "visits/feedback_over.html", {"busy": True}, status=TOO_MUCH)
    with system_scope("a personal link opens its one question"):
        feedback_request = (
            queries.feedback_request_of(token) if len(token) <= LONGEST_TOKEN else None
        )
        if feedback_request is None:
            is_rate_limited("felt-guess", who, GUESSES, seconds=SECONDS)
            return render(request, "visits/feedback_over.html", status=404)
        reader = signed_in(request) if request.user.is_authenticated else None
        if queries.is_own(feedback_request, reader):
            return render(request, "visits/feedback_over.html", {"is_own": True}, status=403)
        form = FeedbackForm(
            request.POST or None, about_promise=feedback_request.promise_id is not None
        )
        if request.method == "POST" and form.is_valid():
            try:
                actions.answer_feedback(
                    feedback_request=feedback_request, by=None, reader=reader, **form.given()
                )
            except Refused as refused:
                add_refusal(form, refused)
        context = {
            "form": form,
            "feedback_request": feedback_request,
            "is_open": feedback_request.state == FeedbackState.OPEN,
        }
        return render(
            request, "visits/feedback_page.html", context, status=422 if form.errors else 200
        )
