"""Canvasses: the list, one with its buildings, the board of a building, its end, what follows."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.capabilities.canvasses.forms import CanvassForm, CloseForm
from linli.capabilities.canvasses.queries import board as board_of
from linli.commons.coverage import actions, queries, rules
from linli.commons.coverage.models import Coverage
from linli.core.errors import Refused
from linli.core.scope import current_scope, one_or_not_found
from linli.register.places.models import Place
from linli.register.places.queries import place_or_not_found, places_in_scope
from linli.register.posts.queries import signed_in
from linli.workbench.conditions import queries as conditions
from linli.workbench.web.action_page import action_page, in_words, require_role

KINDS = ("subdistrict", "community", "estate", "grid", "micro_grid", "building")


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


def _here(request: HttpRequest) -> Place | None:
    key = request.GET.get("place", "")
    return place_or_not_found(int(key)) if key.isdecimal() else None


@login_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Open a canvass of a place or a condition."""
    require_role(rules.MAY_START)
    form = CanvassForm(
        request.POST or None,
        places=places_in_scope().filter(kind__in=KINDS),
        initial={"sentence": request.GET.get("c", ""), "place": _here(request)},
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


def canvass_or_not_found(pk: int) -> Coverage:
    """Return a canvass, to those who walk and call."""
    require_role(rules.MAY_CANVASS)
    return queries.coverage_or_not_found(pk)


@login_required
@never_cache
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far a canvass is, building by building."""
    canvass = canvass_or_not_found(pk)
    context = {
        "canvass": canvass,
        "progress": queries.progress(canvass),
        "buildings": queries.by_building(canvass),
        "left_out": conditions.left_out_of(canvass.condition),
        "is_open": canvass.closed_on is None,
        "may_close": _may_close(canvass),
        "may_carry_on": _may_carry_on(canvass),
        "following": canvass.carried_on_by.first() if canvass.closed_on else None,
        "before": canvass.carries_on,
        "calls": queries.to_call(canvass, signed_in(request)).count(),
    }
    return render(request, "canvasses/canvass.html", context)


def _may_close(canvass: Coverage) -> bool:
    return canvass.closed_on is None and _may_start_here(canvass)


def _may_carry_on(canvass: Coverage) -> bool:
    is_over = canvass.closed_on is not None
    return is_over and _may_start_here(canvass) and queries.rows_left(canvass).exists()


def _may_start_here(canvass: Coverage) -> bool:
    return actions.may_start.holds() and current_scope().holds(canvass.scope_path)


@login_required
@never_cache
@require_GET
def board(request: HttpRequest, pk: int, building: int) -> HttpResponse:
    """Show floor by floor and door by door where a building stands; it keeps itself up to date."""
    canvass = canvass_or_not_found(pk)
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
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """End a canvass."""
    canvass = canvass_or_not_found(pk)
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


@login_required
@require_POST
def carry_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on with exactly those who were not reached, with one tap."""
    canvass = canvass_or_not_found(pk)
    if not _may_start_here(canvass):
        return redirect("canvasses:canvass", pk)
    try:
        following = actions.carry_on(coverage=canvass, by=signed_in(request))
    except Refused as refused:
        messages.warning(request, in_words(refused))
        return redirect("canvasses:canvass", pk)
    messages.success(request, _("没走完的户都在这里了"))
    return redirect("canvasses:canvass", following.pk)
