"""A household's page, its head, and its parting."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linli.capabilities.residents.pages.facts import check_may_edit
from linli.capabilities.residents.queries import person_row
from linli.core.errors import NotFound, Refused
from linli.core.interface.registry import record_address
from linli.core.scope import current_scope
from linli.core.time import today
from linli.register.people.actions import set_head, split_household
from linli.register.people.models import Person
from linli.register.people.queries import household_or_not_found, members
from linli.register.posts.queries import signed_in
from linli.register.posts.rules import MAY_EDIT_PEOPLE
from linli.workbench.read_budget.actions import note_read


@login_required
@never_cache
@require_GET
def household(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who lives together."""
    shown = household_or_not_found(pk)
    people = members(shown)
    note_read(person.pk for person in people)
    day = today()
    rows = []
    for person in people:
        # All of them have the same: without it each row would ask the database twice.
        person.household, person.home = shown, shown.dwelling
        row = person_row(person, day)
        relation = person.get_relation_to_head_display()
        row["facts"] = " · ".join(part for part in (relation, row["facts"]) if part)
        row["address"] = ""
        rows.append(row)
    context = {
        "household": shown,
        "people": rows,
        "home_href": record_address("places.place", shown.dwelling_id),
        "may_edit": current_scope().role in MAY_EDIT_PEOPLE and shown.ended_on is None,
    }
    return render(request, "residents/household.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def head(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose another head."""
    check_may_edit()
    here = household_or_not_found(pk)
    people = members(here)
    note_read(person.pk for person in people)
    if request.method == "POST":
        set_head(household=here, head=_one(people, request), by=signed_in(request))
        messages.success(request, _("已变更户主"))
        return redirect("residents:household", pk)
    return render(request, "residents/head.html", {"household": here, "people": people})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick who becomes a household of their own."""
    check_may_edit()
    here = household_or_not_found(pk)
    people = members(here)
    note_read(person.pk for person in people)
    wrong = ""
    if request.method == "POST":
        ticked = set(request.POST.getlist("leaving"))
        leaving = [person for person in people if str(person.pk) in ticked]
        try:
            if not leaving:
                raise Refused("household.nobody", _("请勾选分出去的人"))
            # Without another word the first of them in age order heads the new household.
            new_household = split_household(
                household=here, leaving=leaving, head=leaving[0], by=signed_in(request)
            )
            messages.success(request, _("已分户"))
            return redirect("residents:household", new_household.pk)
        except Refused as refused:
            wrong = str(refused.sentence)
    context = {"household": here, "people": people, "wrong": wrong}
    return render(request, "residents/split.html", context, status=422 if wrong else 200)


def _one(people: list[Person], request: HttpRequest) -> Person:
    wanted = request.POST.get("head", "")
    member = next((person for person in people if str(person.pk) == wanted), None)
    if member is None:
        raise NotFound()
    return member
