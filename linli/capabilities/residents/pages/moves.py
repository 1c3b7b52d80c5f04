"""Moving home, leaving, death."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.capabilities.residents.forms import DayForm, LeaveForm
from linli.capabilities.residents.pages.facts import add_refusal, check_may_edit
from linli.core.errors import Refused
from linli.core.scope import one_or_not_found
from linli.register.people.actions import move_home, move_in, move_out, record_death
from linli.register.people.models import Person
from linli.register.people.queries import person_or_not_found, residents
from linli.register.people.terms import PersonStatus
from linli.register.places.models import Place
from linli.register.posts.queries import signed_in

MOST_HOMES = 30


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Search the new dwelling, choose a household there, and move."""
    check_may_edit()
    person = person_or_not_found(pk)
    typed = request.GET.get("q", "").strip()[:60]
    home = _home(request.GET.get("home", ""))
    form = DayForm(request.POST or None)
    if request.method == "POST" and home is not None and form.is_valid():
        try:
            _move(request, person, home, form.cleaned_data)
            messages.success(request, _("已搬到%(home)s") % {"home": home})
            return redirect("residents:person", pk)
        except Refused as refused:
            add_refusal(form, refused)
    homes = Place.objects.filter(kind="dwelling", ended_on__isnull=True, search_text__finds=typed)
    context = {
        "person": person,
        "asked": typed,
        "home": home,
        "form": form,
        "homes": homes.order_by("path")[:MOST_HOMES],
        "more": max(homes.count() - MOST_HOMES, 0) if typed else 0,
        "households": residents(home) if home else [],
    }
    return render(request, "residents/move.html", context, status=422 if form.errors else 200)


def _home(asked: str) -> Place | None:
    if not asked.isdigit():
        return None
    home: Place = one_or_not_found(Place.objects.filter(kind="dwelling"), pk=int(asked))
    return home


def _move(request: HttpRequest, person: Person, home: Place, typed: dict[str, Any]) -> None:
    wanted = request.POST.get("household", "")
    household = next((each for each in residents(home) if str(each.pk) == wanted), None)
    verb = move_home if person.status == PersonStatus.CURRENT else move_in
    verb(person=person, dwelling=home, on=typed["on"], household=household, by=signed_in(request))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that somebody lives here no more."""
    check_may_edit()
    person = person_or_not_found(pk)
    form = LeaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            move_out(person=person, by=signed_in(request), **form.cleaned_data)
            messages.success(request, _("已登记迁出"))
            return redirect("residents:person", pk)
        except Refused as refused:
            add_refusal(form, refused)
    context = {"person": person, "form": form, "verb": "leave"}
    return render(request, "residents/leave.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def death(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a death; the file remains and nothing is sent to anybody."""
    check_may_edit()
    person = person_or_not_found(pk)
    form = DayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            record_death(person=person, on=form.cleaned_data["on"], by=signed_in(request))
            messages.success(request, _("已登记身故"))
            return redirect("residents:person", pk)
        except Refused as refused:
            add_refusal(form, refused)
    context = {"person": person, "form": form, "verb": "death"}
    return render(request, "residents/leave.html", context, status=422 if form.errors else 200)
