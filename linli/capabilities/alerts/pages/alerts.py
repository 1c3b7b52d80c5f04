"""Whistles: what waits, one whistle, why it was wrong; warnings."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.capabilities.alerts import actions, rules
from linli.capabilities.alerts.forms import ReasonForm, SignalForm
from linli.capabilities.alerts.queries import (
    note_named,
    occasion_or_not_found,
    occasions,
    signal_or_not_found,
    signals_here,
)
from linli.capabilities.alerts.runner import run_rules
from linli.capabilities.alerts.terms import LIVE
from linli.core.interface.registry import record_address
from linli.core.scope import current_scope
from linli.core.time import today
from linli.register.places.queries import my_place
from linli.workbench.web.action_page import do, only

A_PAGE = 50


@login_required
@require_GET
def heard(request: HttpRequest) -> HttpResponse:
    """Show what whistled and waits, the next day first; or what is over."""
    only(rules.MAY_READ)
    is_over = request.GET.get("over") == "1"
    found = occasions()
    rows = found.exclude(state__in=LIVE) if is_over else found.filter(state__in=LIVE)
    if is_over:
        rows = rows.order_by("-opened_on", "-pk")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    note_named(page.object_list)
    may_signal = current_scope().role in rules.MAY_SIGNAL
    context = {"page": page, "is_over": is_over, "may_signal": may_signal,
               "signals": signals_here(today())}  # fmt: skip
    return render(request, "alerts/heard.html", context)


@login_required
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one whistle: what it says, about what, what became of it."""
    only(rules.MAY_READ)
    one = occasion_or_not_found(pk)
    note_named([one])
    context = {
        "one": one, "is_live": one.state in LIVE,
        "record_href": record_address(one.subject_kind, one.subject_id),
        "task_href": record_address("tasks.task", one.task_id),
        "message": actions.message_for(one.rule, one.name, one.day, one.place),
    }  # fmt: skip
    return render(request, "alerts/occasion.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def false_alarm(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a whistle was wrong."""
    only(rules.MAY_READ)
    one = occasion_or_not_found(pk)
    user: Any = request.user

    def run(given: dict[str, Any]) -> None:
        actions.call_false(occasion=one, reason=given["reason"], by=user)

    back = reverse("alerts:occasion", args=[one.pk])
    return do(
        request, ReasonForm(request.POST or None), title=_("是误报"), said=_("已记下，谢谢"),
        back=back, run=run, note=one.name,
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def signal(request: HttpRequest) -> HttpResponse:
    """Give a warning for one's own place; the rules for it whistle at once."""
    only(rules.MAY_SIGNAL)
    place = my_place()
    user: Any = request.user
    day = today()
    form = SignalForm(request.POST or None, initial={"from_on": day, "until_on": day})

    def run(given: dict[str, Any]) -> None:
        actions.give_signal(place=place, by=user, **given)
        run_rules(when="signal")

    return do(
        request, form, title=_("发出预警"), said=_("已发出，要看望的人在吹哨里"),
        back=reverse("alerts:heard"), run=run, note=place.name,
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def end_signal(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a warning is over; the whistles for it are taken back at once."""
    only(rules.MAY_SIGNAL)
    one = signal_or_not_found(pk)
    user: Any = request.user
    back = reverse("alerts:heard")
    if request.method == "POST":
        actions.end_signal(signal=one, by=user)
        run_rules(when="signal")
        messages.success(request, _("已解除，还没办的看望已收回"))
        return redirect(back)
    return do(
        request, Form(), title=_("解除预警"), said="", back=back, run=lambda _given: None,
        note=f"{one} · {one.place}",
    )  # fmt: skip
