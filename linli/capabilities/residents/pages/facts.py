"""Registering somebody, changing and confirming facts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from linli.capabilities.residents.forms import PersonFactsForm
from linli.capabilities.residents.queries import person_fields
from linli.core.errors import NotFound, Refused
from linli.core.scope import current_scope, one_or_not_found
from linli.core.time import today
from linli.register.people.actions import change_facts, confirm_facts, register_person
from linli.register.people.models import Household
from linli.register.people.provenance import KeptFact
from linli.register.people.queries import person_or_not_found, residents
from linli.register.people.terms import FactSource
from linli.register.places.models import Place
from linli.register.posts.queries import signed_in
from linli.register.posts.rules import MAY_EDIT_PEOPLE
from linli.workbench.web.edit_form import editing, status_of


def check_may_edit() -> None:
    """Show no form to those who could not send it."""
    if current_scope().role not in MAY_EDIT_PEOPLE:
        raise NotFound()


def add_refusal(form: Any, refused: Refused) -> None:
    """Put a refusal beside the input it is about."""
    words = f"{refused.sentence}。{refused.hint}" if refused.hint else str(refused.sentence)
    form.add_error(refused.field if refused.field in form.fields else None, words)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change facts; what is older than what we know stays as it is, and is said."""
    check_may_edit()
    person = person_or_not_found(pk)
    form = PersonFactsForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            with editing(request, form):
                merged = change_facts(
                    person=person,
                    changes=form.facts(),
                    source=form.cleaned_data["source"],
                    confirmed_on=form.cleaned_data["confirmed_on"],
                    by=signed_in(request),
                )
            _say_what_was_done(request, list(merged.changed), list(merged.kept))
            return redirect("residents:person", pk)
        except Refused as refused:
            add_refusal(form, refused)
    context = {"person": person, "form": form}
    return render(request, "residents/edit.html", context, status=status_of(form))


def _say_what_was_done(request: HttpRequest, changed: list[str], kept: list[KeptFact]) -> None:
    fields = person_fields()
    if changed:
        messages.success(request, _("已更新"))
    elif not kept:
        messages.info(request, _("没有改动"))
    for kept_fact in kept:
        words = {
            "label": _(fields[kept_fact.field].label),
            "day": kept_fact.known_on.isoformat() if kept_fact.known_on else "",
        }
        messages.warning(request, _("“%(label)s”没有改：现有信息核实于%(day)s，比这次新") % words)


@login_required
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that everything here is right today."""
    person = person_or_not_found(pk)
    source = request.POST.get("source", "")
    confirm_facts(
        person=person,
        source=source if source in FactSource.values else "",
        confirmed_on=today(),
        by=signed_in(request),
    )
    messages.success(request, _("已核实"))
    return redirect("residents:person", pk)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Register somebody in a dwelling, in one of its households or a new one."""
    check_may_edit()
    home_key = request.GET.get("home", "")
    home: Place = one_or_not_found(
        Place.objects.filter(kind="dwelling"), pk=home_key if home_key.isdigit() else 0
    )
    there = residents(home)
    form = PersonFactsForm(request.POST or None)
    chosen = request.POST.get("household", str(there[0].pk) if len(there) == 1 else "")
    if request.method == "POST" and form.is_valid():
        try:
            person = register_person(
                dwelling=home,
                facts=form.facts(),
                household=_chosen(there, chosen),
                source=form.cleaned_data["source"],
                confirmed_on=form.cleaned_data["confirmed_on"],
                by=signed_in(request),
            )
            messages.success(request, _("已登记"))
            return redirect("residents:person", person.pk)
        except Refused as refused:
            add_refusal(form, refused)
    context = {"home": home, "households": there, "chosen": chosen, "form": form}
    return render(request, "residents/add.html", context, status=422 if form.errors else 200)


def _chosen(there: list[Household], chosen: str) -> Household | None:
    return next((household for household in there if str(household.pk) == chosen), None)
