"""Keeping facilities: add, list in, correct, move, end; duties."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.capabilities.facilities.forms import (
    AddFacilityForm,
    DoneForm,
    DutyForm,
    EndForm,
    FacilityForm,
    ListForm,
    MoveFacilityForm,
    TakeBackForm,
)
from linli.capabilities.facilities.table import read_table
from linli.core.errors import NotFound, Refused
from linli.core.scope import current_scope
from linli.core.time import today
from linli.register.facilities import actions
from linli.register.facilities.actions import Cycle, FacilityListResult, NewFacility
from linli.register.facilities.models import Facility
from linli.register.facilities.queries import duty_or_not_found, facility_or_not_found
from linli.register.places.models import Place
from linli.register.places.queries import place_or_not_found
from linli.register.posts.rules import MAY_EDIT_PLACES, READS_REGISTER
from linli.workbench.web.action_page import action_page, require_role

GET_POST = ["GET", "POST"]


def _here(request: HttpRequest) -> Place:
    """Return the place in the address, or the post's own."""
    key = request.GET.get("place", "") or request.POST.get("place", "")
    if key.isdigit() and len(key) < 12:
        return place_or_not_found(int(key))
    paths = current_scope().paths
    place: Place | None = Place.objects.filter(path=paths[0]).first() if paths else None
    if place is None:
        raise NotFound()
    return place


def _user(request: HttpRequest) -> Any:
    return request.user


def _page(facility: Facility) -> str:
    return reverse("facilities:facility", args=[facility.pk])


@login_required
@require_http_methods(GET_POST)
def add(request: HttpRequest) -> HttpResponse:
    """Add one facility at a place."""
    require_role(MAY_EDIT_PLACES)
    place = _here(request)
    form = AddFacilityForm(request.POST or None, place=place, initial={"place": place.pk})

    def run(given: dict[str, Any]) -> str:
        new = NewFacility(**(given | {"place": place}))
        return _page(actions.add_facilities(facilities=[new], by=_user(request))[0])

    back = reverse("facilities:list")
    return action_page(
        request, form, title=_("新增设施"), said=_("已新增"), back=back, run=run, note=str(place)
    )


@login_required
@require_http_methods(GET_POST)
def take_list(request: HttpRequest) -> HttpResponse:
    """Take a list in: what is right comes in at once, what is not is named by its row."""
    require_role(MAY_EDIT_PLACES)
    place = _here(request)
    form = ListForm(request.POST or None, request.FILES or None)
    bad: list[Any] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            good, bad = read_table(file.read(), file.name, place)
            if good:
                taken = actions.take_list(listed=good, within=place, by=_user(request))
                bad = sorted([*bad, *taken.unclear], key=lambda row: row.number)
                messages.success(request, _said_of(taken))
            if not bad:
                return redirect("facilities:list")
        except Refused as refused:
            form.add_error("file", f"{refused.sentence}。{refused.hint}".rstrip("。"))
    context = {"form": form, "bad": bad, "place": place}
    status = 422 if form.errors or bad else 200
    return render(request, "facilities/take.html", context, status=status)


def _said_of(taken: FacilityListResult) -> str:
    words = {"added": taken.added, "changed": taken.changed, "same": taken.same}
    return _("新增%(added)s处，更新%(changed)s处，没有变化%(same)s处") % words


@login_required
@require_http_methods(GET_POST)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what is known."""
    facility = _kept(pk)

    def run(given: dict[str, Any]) -> None:
        changes = {key: value for key, value in given.items() if value != getattr(facility, key)}
        changes["confirmed_on"] = today()
        actions.edit_facility(facility=facility, changes=changes, by=_user(request))

    form = FacilityForm(request.POST or None, place=facility.place, facility=facility)
    return action_page(
        request,
        form,
        title=_("更新设施"),
        said=_("已更新"),
        back=_page(facility),
        run=run,
        note=facility.name,
    )


def _kept(pk: int) -> Facility:
    require_role(MAY_EDIT_PLACES)
    return facility_or_not_found(pk)


@login_required
@require_http_methods(GET_POST)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Say where it stands now."""
    facility = _kept(pk)
    form = MoveFacilityForm(request.POST or None)

    def run(given: dict[str, Any]) -> None:
        actions.move_facility(facility=facility, place=given["place"], by=_user(request))

    return action_page(
        request,
        form,
        title=_("迁移设施"),
        said=_("已迁移"),
        back=_page(facility),
        run=run,
        note=facility.name,
    )


@login_required
@require_http_methods(GET_POST)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it is no longer used."""
    facility = _kept(pk)

    def run(given: dict[str, Any]) -> None:
        actions.end_facility(facility=facility, why=given["why"], by=_user(request))

    return action_page(
        request,
        EndForm(request.POST or None),
        title=_("停用设施"),
        said=_("已停用"),
        back=_page(facility),
        run=run,
        note=facility.name,
    )


@login_required
@require_http_methods(GET_POST)
def set_duty(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what must be done, how often and when next."""
    facility = _kept(pk)
    form = DutyForm(request.POST or None, facility=facility)

    def run(given: dict[str, Any]) -> None:
        form.check_meanwhile(facility)
        cycle = Cycle(given["months"] or 0, given["days"] or 0)
        actions.set_duty(
            facility=facility,
            kind=given["kind"],
            name=given["name"],
            cycle=cycle,
            due_on=given["due_on"],
            by=_user(request),
        )

    return action_page(
        request,
        form,
        title=_("设定周期事项"),
        said=_("已设定"),
        back=_page(facility),
        run=run,
        note=facility.name,
    )


@login_required
@require_http_methods(GET_POST)
def finish(request: HttpRequest, pk: int, duty: int) -> HttpResponse:
    """Say that a duty was done; the next one follows from its cycle."""
    require_role(READS_REGISTER)
    facility = facility_or_not_found(pk)
    mine = duty_or_not_found(facility, duty)
    form = DoneForm(request.POST or None, initial={"done_on": today()})

    def run(given: dict[str, Any]) -> None:
        actions.finish_duty(duty=mine, by=_user(request), **given)

    return action_page(
        request,
        form,
        title=_("办结周期事项"),
        said=_("已办结，下一次已排好"),
        back=_page(facility),
        run=run,
        note=f"{facility.name} · {mine.name}",
    )


@login_required
@require_http_methods(GET_POST)
def take_back_duty(request: HttpRequest, pk: int, duty: int) -> HttpResponse:
    """Say that what was last done was written down by mistake: its day is due again."""
    require_role(READS_REGISTER)
    facility = facility_or_not_found(pk)
    mine = duty_or_not_found(facility, duty)

    def run(given: dict[str, Any]) -> None:
        actions.take_back_duty(duty=mine, why=given["why"], by=_user(request))

    return action_page(
        request,
        TakeBackForm(request.POST or None),
        title=_("办结记错了"),
        said=_("已更正，期限已改回"),
        back=_page(facility),
        run=run,
        note=f"{facility.name} · {mine.name}",
    )


@login_required
@require_http_methods(GET_POST)
def end_duty(request: HttpRequest, pk: int, duty: int) -> HttpResponse:
    """Say that something need not be done any more."""
    from django.forms import Form

    facility = _kept(pk)
    mine = duty_or_not_found(facility, duty)
    if request.method == "POST":
        actions.end_duty(duty=mine, by=_user(request))
        messages.success(request, _("已取消"))
        return redirect(_page(facility))
    return action_page(
        request,
        Form(),
        title=_("取消周期事项"),
        said="",
        back=_page(facility),
        run=lambda _given: None,
        note=f"{facility.name} · {mine.name}",
    )
