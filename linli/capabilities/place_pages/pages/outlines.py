"""A plan out of a GeoJSON file: which outline is which building, then all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.capabilities.place_pages.forms import OutlinesForm
from linli.capabilities.place_pages.outlines.building_match import (
    LARGEST_FILE,
    OutlineMatch,
    matched,
    read_outlines,
)
from linli.capabilities.place_pages.pages.plan import drawing, drawn, estate_for
from linli.core.errors import Refused
from linli.core.interface.view_models import Cell, Column
from linli.register.places.models import Place
from linli.register.places.plans import Cells, cells_of, draw_plan, kept_cells, standing_buildings
from linli.register.posts.queries import signed_in
from linli.workbench.web.action_page import add_refusal

SALT = "place_pages.outlines"
VALID_SECONDS = 3600


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file, show what matched and what did not, then draw it."""
    estate = estate_for(pk)
    houses = standing_buildings(estate)
    if "plan" in request.POST:
        return _answered(request, estate)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = OutlinesForm(*sent)
    if form.is_valid():
        try:
            # One byte more than may be: the reader says in words that it is too large.
            outlines = read_outlines(form.cleaned_data["file"].read(LARGEST_FILE + 1))
            found = matched(outlines, estate, houses)
            if not found.cells:
                raise _nothing_matched(found)
            return _preview(request, estate, houses, found)
        except Refused as refused:
            add_refusal(form, refused)
    return _asked(request, estate, form)


def _nothing_matched(found: OutlineMatch) -> Refused:
    said = "；".join(f"{name}：{why}" for name, why in found.left_out[:3])
    sentence = _("%(n)d个轮廓没有一个对得上楼栋") % {"n": len(found.left_out)}
    return Refused("plan.nothing_matched", sentence, "file", said)


def _asked(
    request: HttpRequest, estate: Place, form: Any, *, is_over: bool = False
) -> HttpResponse:
    context = {
        "place": estate,
        "form": form,
        "is_over": is_over,
        "back": reverse("place_pages:draw-plan", args=[estate.pk]),
    }
    status = 422 if form.errors or is_over else 200
    return render(request, "place_pages/outlines.html", context, status=status)


def _preview(
    request: HttpRequest, estate: Place, houses: Sequence[Place], found: OutlineMatch
) -> HttpResponse:
    """Show the drawing, and what is not in it with its reason; nothing is written yet."""
    plan = {"estate": estate.pk, "cells": _kept(found.cells), "seen": _kept(cells_of(estate))}
    there = [one for one in houses if one.pk in found.cells]
    context = {
        "place": estate,
        "view": drawing(estate, there, found.cells),
        "placed": len(found.cells),
        "columns": [Column(_("文件里的")), Column(_("为什么没有用"))],
        "left_out": [[Cell(name), Cell(why)] for name, why in found.left_out],
        "missing": "、".join(one.name for one in found.missing),
        "plan": signing.dumps(plan, salt=SALT, compress=True),
        "back": request.path,
    }
    return render(request, "place_pages/outlines_seen.html", context)


def _kept(cells: Cells) -> dict[str, str]:
    return {str(key): str(cell) for key, cell in cells.items()}


def _answered(request: HttpRequest, estate: Place) -> HttpResponse:
    """Draw what was seen, unless the plan was changed since."""
    form = OutlinesForm(request.POST, request.FILES)
    try:
        plan = signing.loads(request.POST["plan"], salt=SALT, max_age=VALID_SECONDS)
    except signing.BadSignature:
        plan = {}
    if plan.get("estate") != estate.pk:
        return _asked(request, estate, OutlinesForm(), is_over=True)
    try:
        cells, seen = kept_cells(plan["cells"]), kept_cells(plan["seen"])
        draw_plan(estate=estate, cells=cells, seen=seen, by=signed_in(request))
    except Refused as refused:
        form.errors.clear()
        add_refusal(form, refused)
        return _asked(request, estate, form)
    return drawn(request, estate)
