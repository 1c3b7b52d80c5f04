"""Canvasses: the list, one with its buildings, the board of a building, a household, the calls."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.capabilities.canvasses.forms import (
    CanvassForm,
    CloseForm,
    ContactResultForm,
    CorrectResultForm,
)
from linli.capabilities.canvasses.queries import board as board_of
from linli.commons.coverage import actions, queries, rules
from linli.commons.coverage.models import Coverage, CoverageRow
from linli.commons.coverage.terms import OVER, ContactWay
from linli.core.errors import Refused
from linli.core.interface.registry import record_address
from linli.core.scope import current_scope, one_or_not_found
from linli.register.places.models import Place
from linli.register.places.queries import places_in_scope
from linli.register.posts.queries import signed_in
from linli.workbench.conditions import queries as conditions
from linli.workbench.read_budget.actions import note_read
from linli.workbench.web.action_page import action_page, add_refusal, require_role

KINDS = ("subdistrict", "community", "estate", "grid", "micro_grid", "building")
MOST_CALLS = 30


@login_required
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """Show the canvasses that run here, and those that are over."""
    require_role(rules.MAY_CANVASS)
    with_progress = [(canvass, queries.progress(canvass)) for canvass in queries.coverages()[:50]]
    context = {
        "running": [one for one in with_progress if one[0].closed_on is None],
        "over": [one for one in with_progress if one[0].closed_on is not None],
        "may_start": current_scope().role in rules.MAY_START,
    }
    return render(request, "canvasses/list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Open a canvass of a place or a condition."""
    require_role(rules.MAY_START)
    form = CanvassForm(
        request.POST or None,
        places=places_in_scope().filter(kind__in=KINDS),
        initial={"sentence": request.GET.get("c", "")},
    )
    by = signed_in(request)

    def run(given: dict[str, Any]) -> str:
        canvass = actions.open_coverage(
            title=given["title"],
            why=given["why"],
            place=given["place"],
            condition=form.condition(),
            until_on=given["until_on"],
            by=by,
        )
        return reverse("canvasses:canvass", args=[canvass.pk])

    return action_page(
        request,
        form,
        title=_("开始走访排查"),
        said=_("已列出每一户"),
        run=run,
        button=_("开始"),
        back=reverse("canvasses:list"),
    )


def _canvass(pk: int) -> Coverage:
    require_role(rules.MAY_CANVASS)
    return queries.coverage_or_not_found(pk)


@login_required
@never_cache
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far a canvass is, building by building."""
    canvass = _canvass(pk)
    context = {
        "canvass": canvass,
        "progress": queries.progress(canvass),
        "buildings": queries.by_building(canvass),
        "left_out": conditions.left_out_of(canvass.condition),
        "is_open": canvass.closed_on is None,
        "may_close": _may_close(canvass),
        "calls": queries.to_call(canvass, signed_in(request)).count(),
    }
    return render(request, "canvasses/canvass.html", context)


def _may_close(canvass: Coverage) -> bool:
    scope = current_scope()
    return (
        canvass.closed_on is None
        and scope.role in rules.MAY_START
        and scope.holds(canvass.scope_path)
    )


@login_required
@never_cache
@require_GET
def board(request: HttpRequest, pk: int, building: int) -> HttpResponse:
    """Show floor by floor and door by door where a building stands; it keeps itself up to date."""
    canvass = _canvass(pk)
    place: Place = one_or_not_found(Place.objects.filter(kind="building"), pk=building)
    context = {
        "canvass": canvass,
        "building": place,
        "view": board_of(canvass, place),
        "progress": queries.progress(canvass, place),
        "is_open": canvass.closed_on is None,
    }
    part = "canvasses/front.html" if request.headers.get("HX-Request") else "canvasses/board.html"
    return render(request, part, context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, pk: int, stop: int) -> HttpResponse:
    """Show one household, hold it, and write down what came of it."""
    canvass = _canvass(pk)
    household = queries.row_or_not_found(canvass, stop)
    user = signed_in(request)
    is_call = request.GET.get("way") == ContactWay.PHONE
    way = ContactWay.PHONE if is_call else ContactWay.DOOR
    form = ContactResultForm(request.POST or None, initial={"way": way, "tries": household.tries})
    if request.method == "POST" and form.is_valid():
        try:
            actions.record(row=household, by=user, **form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
            # Whoever has read that sentence and sends again does so knowing it.
            again: Any = request.POST.copy()
            again["tries"] = str(household.tries)
            form.data = again
        else:
            messages.success(request, _("已记下"))
            return redirect(_next(canvass, household, is_call=is_call))
    people = queries.people_at(household)
    note_read([person.pk for person in people], within=canvass)
    is_over = household.result in OVER
    if request.method == "GET" and not is_over and canvass.closed_on is None:
        actions.hold(row=household, by=user)
    context = {
        "canvass": canvass,
        "stop": household,
        "form": form,
        "is_over": is_over,
        "people": [(person, record_address("people.person", person.pk)) for person in people],
        "held": rules.is_held(
            until=household.held_until, now=timezone.now(), is_own=household.held_by_id == user.pk
        ),
        "back": _back(canvass, household),
        "is_open": canvass.closed_on is None,
    }
    return render(request, "canvasses/stop.html", context, status=422 if form.errors else 200)


def _next(canvass: Coverage, household: CoverageRow, *, is_call: bool) -> str:
    return reverse("canvasses:calls", args=[canvass.pk]) if is_call else _back(canvass, household)


def _back(canvass: Coverage, household: CoverageRow) -> str:
    place = Place.objects.filter(kind="building", path__in=_above(household.place.path)).first()
    if place is None:
        return reverse("canvasses:canvass", args=[canvass.pk])
    return reverse("canvasses:board", args=[canvass.pk, place.pk])


def _above(path: str) -> list[str]:
    from linli.core.paths import ancestors

    return ancestors(path)


@login_required
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: int, stop: int) -> HttpResponse:
    """Put a household back among those that wait."""
    canvass = _canvass(pk)
    household = queries.row_or_not_found(canvass, stop)
    by = signed_in(request)

    def run(given: dict[str, Any]) -> None:
        actions.correct(row=household, reason=given["reason"], by=by)

    return action_page(
        request,
        CorrectResultForm(request.POST or None),
        title=_("更正走访结果"),
        run=run,
        said=_("已放回没走的户里"),
        note=str(household),
        back=reverse("canvasses:stop", args=[pk, stop]),
    )


@login_required
@never_cache
@require_GET
def calls(request: HttpRequest, pk: int) -> HttpResponse:
    """Show whom to call, without those a colleague has open."""
    canvass = _canvass(pk)
    rows = queries.to_call(canvass, signed_in(request))
    context = {"canvass": canvass, "stops": list(rows[:MOST_CALLS]), "of": rows.count()}
    return render(request, "canvasses/calls.html", context)


@login_required
@require_POST
def next_call(request: HttpRequest, pk: int) -> HttpResponse:
    """Hold the next household to call and open it: two people never get the same."""
    canvass = _canvass(pk)
    user = signed_in(request)
    # Another may hold the first one between the look and the update: then the next is tried.
    for row in queries.to_call(canvass, user)[:MOST_CALLS]:
        if actions.hold(row=row, by=user):
            there = reverse("canvasses:stop", args=[pk, row.pk])
            return redirect(f"{there}?way={ContactWay.PHONE.value}")
    messages.info(request, _("现在没有要打电话的户"))
    return redirect("canvasses:calls", pk)


@login_required
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """End a canvass."""
    canvass = _canvass(pk)
    if not _may_close(canvass):
        return redirect("canvasses:canvass", pk)
    by = signed_in(request)

    def run(given: dict[str, Any]) -> None:
        actions.close_coverage(coverage=canvass, confirmed=given["confirmed"], by=by)

    return action_page(
        request,
        CloseForm(request.POST or None),
        title=_("结束走访排查"),
        run=run,
        said=_("已结束"),
        note=_("还有%(n)s户没联系上") % {"n": queries.progress(canvass).open},
        back=reverse("canvasses:canvass", args=[pk]),
    )
