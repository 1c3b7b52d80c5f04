"""From a form that carries a key to its answer: the first time its own, afterwards the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from linli.core.errors import Refused
from linli.workbench.submissions import claims, rules
from linli.workbench.submissions.claims import AlreadySent, Arrival
from linli.workbench.submissions.models import Submission
from linli.workbench.submissions.terms import Outcome, SubmissionState

FIELD = "submission"
BY_SCRIPT, OUTCOME, COOKIE = "X-Linli-Submission", "Linli-Submission", "linli_sent"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
AN_HOUR = 3600
A_REDIRECT = range(300, 400)
# Who is sent here must sign in or prove it is them: nothing was looked at yet.
FIRST_SIGN_IN = ("/sign-in/", "/account/", "/second-factor/")


class CountOnce:
    """Whatever a signed-in user sends under a key is done once (decision 0034)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and tell the browser how the form it sent has ended."""
        token = claims.arrived.set(None)
        try:
            answer = self.get_response(request)
        finally:
            claims.arrived.reset(token)
        arrival: Arrival | None = getattr(request, "arrival", None)
        if arrival is None or answer.has_header(OUTCOME):
            return answer
        return _settled(request, arrival, answer)

    def process_view(
        self, request: HttpRequest, view: Any, _args: Any, _named: Any
    ) -> HttpResponse | None:
        """Answer a form that was answered before; note the key of any other."""
        key = request.POST.get(FIELD, "") if _may_carry_a_key(request) else ""
        if not rules.is_key(key):
            return None
        if not request.user.is_authenticated:
            return _signed_out() if BY_SCRIPT in request.headers else None
        body_hash = claims.hash_of(request.path, request.POST, request.FILES)
        arrival = Arrival(request.user.pk, key, body_hash)
        request.arrival = arrival  # type: ignore[attr-defined]
        if row := claims.answered(arrival):
            return _answered_again(request, arrival, row)
        claims.arrived.set(arrival)
        return None

    def process_exception(self, request: HttpRequest, wrong: Exception) -> HttpResponse | None:
        """Answer the arrival that came second with what the first was answered."""
        if not isinstance(wrong, AlreadySent):
            return None
        arrival: Arrival = request.arrival  # type: ignore[attr-defined]
        row = claims.answered(arrival)
        return _answered_again(request, arrival, row) if row else None


def _may_carry_a_key(request: HttpRequest) -> bool:
    """Is it a page's form that is sent? What programs send is read by whoever answers it.

    htmx asks about a form while it is filled in, and sends along what stands in it.
    """
    if request.method != "POST" or request.content_type not in FORMS:
        return False
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    return "HX-Request" not in request.headers and (has_session or BY_SCRIPT in request.headers)


def _settled(request: HttpRequest, arrival: Arrival, answer: HttpResponse) -> HttpResponse:
    """Note how a form ended, beside what was stored, and say it to the browser."""
    row = claims.known(arrival)
    if row is not None and row.arrival != arrival.number:
        # It was refused for what the other arrival of the same form has just done.
        return _answered_again(request, arrival, claims.answered(arrival) or row)
    warned = _is_warned(request) or _must_sign_in(answer)
    outcome = rules.outcome_of(status=answer.status_code, stored=row is not None, warned=warned)
    if row is not None:
        state = SubmissionState(outcome)
        claims.note_answer(row, state, answer.get("Location", ""))
    return _told(request, arrival, answer, outcome)


def _is_warned(request: HttpRequest) -> bool:
    """Was a refusal put into a message for the next page?"""
    waiting: Any = getattr(getattr(request, "_messages", None), "_queued_messages", ())
    return any(message.level >= messages.WARNING for message in waiting)


def _must_sign_in(answer: HttpResponse) -> bool:
    is_redirect = answer.status_code in A_REDIRECT
    return is_redirect and str(answer.get("Location", "")).startswith(FIRST_SIGN_IN)


def _answered_again(request: HttpRequest, arrival: Arrival, row: Submission) -> HttpResponse:
    """Answer as before; what is not the same, or was taken in part, is a form of its own."""
    if row.state == SubmissionState.PARTLY:
        words = _("这一份刚才已经送到，只记下了一部分")
        return _refused(request, arrival, words, Outcome.PARTLY)
    if row.body_hash != arrival.body_hash:
        words = _("这一份刚才已经送到并记下；后来改的没有记")
        return _refused(request, arrival, words, Outcome.PARTLY)
    messages.info(request, _("这一份刚才已经收到，没有重复记"))
    return _told(request, arrival, redirect(row.answer or "/"), Outcome.ACCEPTED)


def _refused(request: HttpRequest, arrival: Arrival, words: str, outcome: Outcome) -> HttpResponse:
    refused = Refused("submission.again", words, hint=_("请打开看记了什么，还差的再记一次"))
    answer = render(request, "web/refused.html", {"refused": refused}, status=refused.status)
    return _told(request, arrival, answer, outcome)


def _told(
    request: HttpRequest, arrival: Arrival, answer: HttpResponse, outcome: str
) -> HttpResponse:
    """Say how it ended: to a script in the answer, to the next page by a cookie."""
    if BY_SCRIPT not in request.headers:
        if outcome:
            value = f"{arrival.key}.{outcome}"
            secure = settings.SESSION_COOKIE_SECURE
            answer.set_cookie(COOKIE, value, max_age=AN_HOUR, secure=secure, samesite="Lax")
    elif answer.status_code in A_REDIRECT:
        # A script is not told where a redirect leads, and following it would use up its message.
        told = JsonResponse({"location": answer["Location"]})
        told.cookies = answer.cookies
        answer = told
    answer[OUTCOME] = str(outcome)
    return answer


def _signed_out() -> HttpResponse:
    return JsonResponse({}, status=401, headers={OUTCOME: str(Outcome.SIGNED_OUT)})
