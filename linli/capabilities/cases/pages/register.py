"""A worker takes a case down: what, where, who; advice beside it, nothing decided silently."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from linli.capabilities.cases.actions import RegisteredReport, add_report, may_take, take_case
from linli.capabilities.cases.forms.workers import WANTS, RegisterCaseForm, known_phone, may_hide
from linli.capabilities.cases.queries import case_or_not_found, similar_open
from linli.capabilities.cases.queries.advice import Advice, advise, my_place, places_meant
from linli.capabilities.cases.queries.public import was_sent
from linli.capabilities.cases.terms import WantsAnswer
from linli.core.errors import NotFound, Refused
from linli.core.scope import current_scope
from linli.register.facilities.queries import facility_or_not_found
from linli.register.people.models import Person
from linli.register.people.queries import person_or_not_found
from linli.register.places.models import Place
from linli.register.places.queries import FoundPlaces, place_or_not_found
from linli.register.posts.queries import signed_in
from linli.workbench.journal.actions import keep_photo
from linli.workbench.journal.photos import checked_all
from linli.workbench.web.action_page import add_refusal


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest) -> HttpResponse:
    """Take a case down, or add the caller to one that is open."""
    if not may_take.holds():
        raise NotFound()
    form = RegisterCaseForm(
        request.POST or None, request.FILES or None, initial=_from_address(request)
    )
    form.say_what_is_known(_person(form))
    if not may_hide():
        # Who could not see it afterwards cannot make it so.
        del form.fields["confidential"]
    choices: list[Place] = []
    if request.method == "POST" and form.is_valid():
        place, choices = _place(request, form.cleaned_data["where"])
        try:
            if place is not None and not _is_to_be_asked(request, form, place):
                return _taken(request, form, place)
            if place is not None:
                form.add_error(None, _("附近有很像的事：请选是不是同一件，再提交"))
                return _shown(request, form, [place])
            form.add_error("where", _("有几个地方都像，请选一个") if choices else _nowhere())
        except Refused as refused:
            add_refusal(form, refused)
    return _shown(request, form, choices)


def _shown(request: HttpRequest, form: RegisterCaseForm, choices: list[Place]) -> HttpResponse:
    context = {
        "form": form,
        "advice": _advice(request, choices),
        "person": _person(form),
        "picked": request.POST.get("category", ""),
    }
    return render(request, "cases/take.html", context, status=422 if form.errors else 200)


def _is_to_be_asked(request: HttpRequest, form: RegisterCaseForm, place: Place) -> bool:
    """Is there something alike that nobody was shown, as it is without script? Ask once."""
    if "join" in request.POST or was_sent(form.cleaned_data["client_id"]):
        return False
    return bool(similar_open(form.cleaned_data["text"], place))


def _nowhere() -> str:
    return _("没有找到这个地方；换个写法，或空着再在“具体位置”里写明")


def _from_address(request: HttpRequest) -> dict[str, Any]:
    place_key, who = request.GET.get("place", ""), request.GET.get("person", "")
    initial: dict[str, Any] = {}
    if place_key.isdigit():
        initial["where"] = str(place_or_not_found(int(place_key)))
    thing = request.GET.get("facility", "")
    if thing.isdigit():
        facility = facility_or_not_found(int(thing[:15]))
        name = f"{facility.name}（{facility.code}）" if facility.code else facility.name
        initial |= {"where": str(facility.place), "spot": name}
    if who.isdigit():
        person = person_or_not_found(int(who))
        initial |= {"person": person.pk, "name": person.name, "channel": "door"}
        if known_phone(person):
            initial["wants_answer"] = WANTS.get(person.preferred_channel, WantsAnswer.PAGE)
    return initial


def _person(form: RegisterCaseForm) -> Person | None:
    key = str(form["person"].value() or "")
    return person_or_not_found(int(key)) if key.isdigit() else None


def _place(request: HttpRequest, where: str) -> tuple[Place | None, list[Place]]:
    """Return the place that is meant, or those that may be."""
    chosen = request.POST.get("place", "")
    if chosen.isdigit():
        place = place_or_not_found(int(chosen))
        if not current_scope().holds(place.path):
            raise NotFound()
        return place, []
    if not where.strip():
        return my_place(), []
    places = places_meant(where).places
    return (places[0], []) if len(places) == 1 else (None, places)


def _taken(request: HttpRequest, form: RegisterCaseForm, place: Place) -> HttpResponse:
    cleaned = form.cleaned_data
    # Photos are opened before any transaction begins (decision 0024).
    pictures = checked_all(cleaned["photos"])
    # The same form again gets the same answer, without its photos a second time.
    is_new = not was_sent(cleaned["client_id"])
    with transaction.atomic():
        taken = _stored(request, form, place)
        for number, picture in enumerate(pictures if is_new else ()):
            keep_photo(about=taken.case, picture=picture, by=signed_in(request), beside=number)
    is_joined = request.POST.get("join", "").isdigit()
    messages.success(request, _("已并入这件事，办好后一起答复") if is_joined else _("已受理"))
    # The word is stored as a hash only: this is the one time it can be told to the caller.
    request.session["cases_taken"] = [taken.case.pk, taken.tracking, taken.secret]
    return redirect("cases:case", taken.case.pk)


def _stored(request: HttpRequest, form: RegisterCaseForm, place: Place) -> RegisteredReport:
    """Take the case, or add the caller to the one that was chosen."""
    cleaned, by = form.cleaned_data, signed_in(request)
    join = request.POST.get("join", "")
    if join.isdigit():
        return add_report(
            case=case_or_not_found(int(join)),
            text=cleaned["text"],
            channel=cleaned["channel"],
            by=by,
            reporter=form.reporter(),
            client_id=cleaned["client_id"],
        )
    return take_case(
        text=cleaned["text"],
        place=place,
        spot=cleaned["spot"],
        channel=cleaned["channel"],
        category=cleaned["category"],
        reporter=form.reporter(),
        by=by,
        client_id=cleaned["client_id"],
        confidential=cleaned.get("confidential", False),
    )


def _advice(request: HttpRequest, choices: list[Place] | None = None) -> Advice:
    text, where = request.POST.get("text", ""), request.POST.get("where", "")
    meant = places_meant(where) if where.strip() else FoundPlaces()
    if choices is not None and not choices and len(meant.places) == 1:
        choices = meant.places
    # One that was chosen stands alone; several are what the words mean, and there may be more.
    more = 0 if choices is not None and len(choices) == 1 else meant.more
    return advise(text=text, places=choices or meant.places, more=more)


@login_required
@never_cache
@require_POST
def advice(request: HttpRequest) -> HttpResponse:
    """Answer what is typed so far: the places meant, open cases alike, the likely category."""
    if not may_take.holds():
        raise NotFound()
    context = {"advice": _advice(request), "picked": request.POST.get("category", "")}
    return render(request, "cases/advice.html", context)
