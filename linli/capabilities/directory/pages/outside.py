"""The personal link of an outside professional: no account, no more than the consent covers."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.capabilities.directory import actions, rules
from linli.capabilities.directory.forms import ReferralAnswerForm
from linli.capabilities.directory.models import Referral
from linli.capabilities.directory.queries import by_token, referrer_of, told_outside
from linli.core.errors import Refused
from linli.core.network.rate_limit import address_of, is_rate_limited
from linli.core.scope import system_scope
from linli.workbench.web.action_page import add_refusal

LONGEST_TOKEN = 64
NOTED_EVERY = timedelta(hours=1)
TOO_MUCH = 429


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, token: str) -> HttpResponse:
    """Show one referral to whoever holds its link, and take their answer."""
    who = address_of(request)
    # Looked at before the token is: once the guesses are used up a right one opens nothing
    # either.
    wrong = is_rate_limited("referral-guess", who, rules.GUESSES, seconds=rules.SECONDS, add=0)
    if wrong or is_rate_limited("referral", who, rules.CALLS, seconds=rules.SECONDS):
        return render(request, "directory/slow_down.html", status=TOO_MUCH)
    with system_scope("a personal link opens its one referral"):
        referral = by_token(token) if len(token) <= LONGEST_TOKEN else None
        if referral is None:
            is_rate_limited("referral-guess", who, rules.GUESSES, seconds=rules.SECONDS)
            return render(request, "directory/no_such_link.html", status=404)
        form = ReferralAnswerForm(request.POST or None, label=_("回复"), help_text=_help(referral))
        if request.method == "POST" and form.is_valid() and _answered(request, referral, form):
            return redirect("directory:outside", token)
        shared = told_outside(referral)
        if shared is not None:
            _note_opening(referral)
        context = {
            "referral": referral,
            "told": shared,
            "form": form,
            "party": referral.party,
            "referrer": referrer_of(referral),
        }
        status = 422 if form.errors else 200
        return render(request, "directory/outside.html", context, status=status)


def _help(referral: Referral) -> str:
    if referral.state == "accepted":
        return _("办好时写明结果；不能再办时写明为什么")
    return _("不接时请写明为什么；接下时可以写约定的时间")


def _answered(request: HttpRequest, referral: Referral, form: ReferralAnswerForm) -> bool:
    """Do what the button says; a refusal is laid out in the form."""
    words, what = form.cleaned_data["words"], request.POST.get("what", "")
    try:
        if what == "accept":
            actions.accept_referral(referral=referral, by=None, words=words)
        elif what == "refuse":
            actions.refuse_referral(referral=referral, by=None, reason=words)
        elif what == "done":
            actions.finish_referral(referral=referral, by=None, result=words)
        else:
            raise Refused("referral.what", _("请按下面的一个按钮"))
    except Refused as refused:
        if refused.field is not None:
            # The form has one field for every answer; the actions name their own.
            refused.field = "words"
        add_refusal(form, refused)
        return False
    messages.success(request, _("已记下，谢谢"))
    return True


def _note_opening(referral: Referral) -> None:
    """Journal the reading, at most once an hour: reloading is not another look."""
    last = referral.opened_at
    if last is None or timezone.now() - last > NOTED_EVERY:
        actions.open_referral(referral=referral, by=None)
