"""A household of a canvass: what came of it, its number, what was wrong; the calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

from linli.capabilities.canvasses.forms import ContactResultForm, CorrectResultForm, MovedForm
from linli.capabilities.canvasses.pages.lists import canvass_or_not_found
from linli.commons.coverage import actions, queries, rules
from linli.commons.coverage.models import Coverage, CoverageRow
from linli.commons.coverage.terms import OVER, ContactWay
from linli.core.errors import Refused
from linli.core.interface.registry import record_address
from linli.core.paths import ancestors
from linli.register.people.actions import reveal_field
from linli.register.people.models import Person
from linli.register.places.models import Place
from linli.register.posts.queries import signed_in
from linli.register.posts.rules import MAY_EDIT_PEOPLE
from linli.workbench.read_budget.actions import note_read
from linli.workbench.web.action_page import action_page, add_refusal, in_words, require_role

MOST_CALLS = 30


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, pk: int, stop: int) -> HttpResponse:
    """Show one household, hold it, and write down what came of it."""
    canvass = canvass_or_not_found(pk)
    household = queries.row_or_not_found(canvass, stop)
    user = signed_in(request)
    people = queries.people_at(household)
    is_call = request.GET.get("way") == ContactWay.PHONE
    way = ContactWay.PHONE if is_call else ContactWay.DOOR
    form = ContactResultForm(
        request.POST or None, people=people, initial={"way": way, "tries": household.tries}
    )
    if request.method == "POST" and form.is_valid() and _saved(request, household, form):
        return redirect(_next(canvass, household, is_call=is_call))
    note_read([person.pk for person in people], within=canvass)
    if request.method == "GET" and _is_open(household):
        actions.hold(row=household, by=user)
    return _shown(request, household, people, form)


def _saved(request: HttpRequest, household: CoverageRow, form: ContactResultForm) -> bool:
    try:
        actions.record(row=household, by=signed_in(request), **form.given())
    except Refused as refused:
        add_refusal(form, refused)
        # Whoever has read that sentence and sends again does so knowing it.
        again: Any = request.POST.copy()
        again["tries"] = str(household.tries)
        form.data = again
        return False
    messages.success(request, _("已记下"))
    return True


def _is_open(household: CoverageRow) -> bool:
    return household.result not in OVER and household.coverage.closed_on is None


def _shown(
    request: HttpRequest,
    household: CoverageRow,
    people: Sequence[Person],
    form: ContactResultForm,
    phones: Mapping[int, str] | None = None,
) -> HttpResponse:
    canvass = household.coverage
    is_own = household.held_by_id == signed_in(request).pk
    context = {
        "canvass": canvass,
        "stop": household,
        "form": form,
        "can_record": _is_open(household),
        "typed": form.typed() if form.errors else [],
        "is_over": household.result in OVER,
        "people": [_card(person, (phones or {}).get(person.pk)) for person in people],
        "held": rules.is_held(until=household.held_until, now=timezone.now(), is_own=is_own),
        "earlier": queries.earlier_at(
            household.place, household.household_id, apart_from=canvass.pk
        ),
        "back": _back(canvass, household),
        "is_open": canvass.closed_on is None,
        "following": canvass.carried_on_by.first() if canvass.closed_on else None,
        "move_task": actions.move_task_of(household),
    }
    return render(request, "canvasses/stop.html", context, status=422 if form.errors else 200)


def _card(person: Person, phone: str | None) -> dict[str, Any]:
    """Return what the page shows of somebody; the number only once it was asked for."""
    return {
        "person": person,
        "href": record_address("people.person", person.pk),
        "phone": phone,
        "has_phone": bool(person.phone),
        "prefers": person.get_preferred_channel_display(),
    }


@login_required
@never_cache
@require_POST
def number(request: HttpRequest, pk: int, stop: int, person: int) -> HttpResponse:
    """Show the number to tap; what it is read for is known and stands in the journal."""
    canvass = canvass_or_not_found(pk)
    household = queries.row_or_not_found(canvass, stop)
    people = queries.people_at(household)
    called = next((one for one in people if one.pk == person), None)
    if called is None or not _is_open(household):
        return redirect("canvasses:stop", pk, stop)
    note_read([one.pk for one in people], within=canvass)
    try:
        shown = reveal_field(
            person=called,
            field="phone",
            # Sent with the button: no address alone opens a number.
            purpose=request.POST.get("purpose", ""),
            words=_("走访排查：%(title)s") % {"title": canvass.title},
            by=signed_in(request),
        )
    except Refused as refused:
        messages.warning(request, in_words(refused))
        return redirect("canvasses:stop", pk, stop)
    initial = {"way": ContactWay.PHONE, "tries": household.tries, "met": [str(called.pk)]}
    form = ContactResultForm(None, people=people, initial=initial)
    return _shown(request, household, people, form, {called.pk: shown.value})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def moved(request: HttpRequest, stop: int) -> HttpResponse:
    """Record who of a household that is said to have moved has done so, or that nobody has."""
    require_role(MAY_EDIT_PEOPLE)
    household = queries.any_row_or_not_found(stop)
    people = queries.people_at(household)
    note_read([one.pk for one in people], within=household.coverage)
    form = MovedForm(request.POST or None, people=people)
    by = signed_in(request)

    def run(given: dict[str, Any]) -> None:
        actions.settle_move(row=household, **form.given(), by=by)

    said = {"day": household.day.isoformat(), "words": household.words or "—"}
    return action_page(
        request,
        form,
        title=_("核实迁出：%(place)s") % {"place": household.place},
        run=run,
        said=_("已记下"),
        note=_("%(day)s走访时记为“已搬走”：%(words)s") % said,
        button=_("记下"),
        back=record_address("places.place", household.place_id),
    )


def _next(canvass: Coverage, household: CoverageRow, *, is_call: bool) -> str:
    return reverse("canvasses:calls", args=[canvass.pk]) if is_call else _back(canvass, household)


def _back(canvass: Coverage, household: CoverageRow) -> str:
    place = Place.objects.filter(kind="building", path__in=ancestors(household.place.path)).first()
    if place is None:
        return reverse("canvasses:canvass", args=[canvass.pk])
    return reverse("canvasses:board", args=[canvass.pk, place.pk])


@login_required
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: int, stop: int) -> HttpResponse:
    """Put a household back among those that wait."""
    canvass = canvass_or_not_found(pk)
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
    canvass = canvass_or_not_found(pk)
    rows = queries.to_call(canvass, signed_in(request))
    context = {"canvass": canvass, "stops": list(rows[:MOST_CALLS]), "of": rows.count()}
    return render(request, "canvasses/calls.html", context)


@login_required
@require_POST
def next_call(request: HttpRequest, pk: int) -> HttpResponse:
    """Hold the next household to call and open it: two people never get the same."""
    canvass = canvass_or_not_found(pk)
    user = signed_in(request)
    # Another may hold the first one between the look and the update: then the next is tried.
    for row in queries.to_call(canvass, user)[:MOST_CALLS]:
        if actions.hold(row=row, by=user):
            there = reverse("canvasses:stop", args=[pk, row.pk])
            return redirect(f"{there}?way={ContactWay.PHONE.value}")
    messages.info(request, _("现在没有要打电话的户"))
    return redirect("canvasses:calls", pk)
