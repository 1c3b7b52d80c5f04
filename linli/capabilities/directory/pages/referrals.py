"""Referrals by workers: proposed, followed, recorded when the answer comes by phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linli.capabilities.directory import actions
from linli.capabilities.directory.forms import ReferForm, ReferralAnswerForm
from linli.capabilities.directory.models import Referral
from linli.capabilities.directory.queries import may_see_referrals, referral_or_not_found, referrals
from linli.core.errors import NotFound, Refused
from linli.core.interface.registry import record_address
from linli.register.people.queries import person_or_not_found
from linli.register.posts.queries import signed_in
from linli.workbench.web.action_page import action_page, add_refusal

SHOWN_ONCE = "directory_link"
MOST = 100


@login_required
@never_cache
@require_GET
def everything(request: HttpRequest) -> HttpResponse:
    """List the referrals of the scope: those under way first."""
    if not may_see_referrals():
        raise NotFound()
    rows = list(referrals()[:MOST])
    context = {
        "groups": [
            (_("还没办完"), [row for row in rows if row.is_open]),
            (_("已结束"), [row for row in rows if not row.is_open]),
        ]
    }
    return render(request, "directory/referrals.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def refer(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a resident who consents to somebody outside."""
    if not may_see_referrals():
        raise NotFound()
    person, by = person_or_not_found(pk), signed_in(request)
    form = ReferForm(request.POST or None, person=person)
    back = record_address("people.person", person.pk)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            proposed = actions.propose_referral(
                person=person,
                party=form.serving[typed["party"]],
                topic=typed["topic"],
                matter=typed["matter"],
                consent=form.consent(),
                note=typed["note"],
                follow_up_on=typed["follow_up_on"],
                call_back=typed["call_back"],
                by=by,
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            request.session[SHOWN_ONCE] = [proposed.referral.pk, proposed.token]
            messages.success(request, _("已转介，请把链接发给对方"))
            return redirect("directory:referral", proposed.referral.pk)
    context = {"form": form, "person": person, "back": back}
    return render(request, "directory/refer.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one referral; its link only right after it was made."""
    referral = referral_or_not_found(pk)
    context = {
        "referral": referral,
        "link": _link(request, referral),
        "person_href": record_address("people.person", referral.person.pk),
        "party_href": record_address("parties.party", referral.party.pk),
    }
    return render(request, "directory/referral.html", context)


def _link(request: HttpRequest, referral: Referral) -> str:
    shown_once = request.session.get(SHOWN_ONCE)
    if not shown_once or shown_once[0] != referral.pk or not referral.is_open:
        return ""
    # Only the hash is kept: after this page nobody can be given the link again, only a new one.
    del request.session[SHOWN_ONCE]
    return request.build_absolute_uri(reverse("directory:outside", args=[shown_once[1]]))


def _verb(
    request: HttpRequest,
    pk: int,
    title: str,
    said: str,
    note: str,
    run: Callable[[Referral, str], Any],
    *,
    label: str,
) -> HttpResponse:
    referral = referral_or_not_found(pk)
    form = ReferralAnswerForm(request.POST if request.method == "POST" else None, label=label)
    return action_page(
        request,
        form,
        title=title,
        said=said,
        note=note,
        back=reverse("directory:referral", args=[referral.pk]),
        run=lambda given: _done(run(referral, given["words"])),
    )


def _done(_made: object) -> None:
    """Go back to the referral."""


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that they said yes on the phone."""
    by = signed_in(request)
    return _verb(
        request,
        pk,
        _("对方接下了"),
        _("已记下"),
        _("对方电话里答应时，由您代为记录"),
        lambda one, words: actions.accept_referral(referral=one, by=by, words=words),
        label=_("约定了什么（可不写）"),
    )


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that they said no on the phone."""
    by = signed_in(request)
    return _verb(
        request,
        pk,
        _("对方不接"),
        _("已记下，今天的待办里会提醒另找"),
        "",
        lambda one, words: actions.refuse_referral(referral=one, by=by, reason=words),
        label=_("为什么不接"),
    )


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what came of it."""
    by = signed_in(request)
    return _verb(
        request,
        pk,
        _("办好了"),
        _("已记下"),
        "",
        lambda one, words: actions.finish_referral(referral=one, by=by, result=words),
        label=_("结果"),
    )


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a referral back."""
    by = signed_in(request)
    return _verb(
        request,
        pk,
        _("撤回转介"),
        _("已撤回"),
        _("对方的链接马上看不到任何个人信息"),
        lambda one, words: actions.withdraw_referral(referral=one, by=by, reason=words),
        label=_("原因"),
    )


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a new link; the old one ends."""
    referral, by = referral_or_not_found(pk), signed_in(request)
    form = Form(request.POST if request.method == "POST" else None)

    def run(_given: dict[str, Any]) -> None:
        made = actions.renew_link(referral=referral, by=by)
        request.session[SHOWN_ONCE] = [referral.pk, made.token]

    return action_page(
        request,
        form,
        title=_("重发链接"),
        said=_("新链接在下面，旧的已失效"),
        note=_("旧链接马上失效"),
        back=reverse("directory:referral", args=[referral.pk]),
        run=run,
    )
