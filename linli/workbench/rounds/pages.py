"""From door to door with one hand: buildings that wait, the doors of one, a door."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.core.errors import NotFound
from linli.core.scope import one_or_not_found
from linli.core.time import today
from linli.register.people.queries import residents
from linli.register.people.terms import RevealPurpose
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.register.posts.queries import signed_in
from linli.workbench.read_budget.actions import note_read
from linli.workbench.read_budget.call_page import call_page, may_call
from linli.workbench.rounds import queries, rules
from linli.workbench.rounds.actions import save_door
from linli.workbench.rounds.parts import DoorPart, door_parts
from linli.workbench.web.action_page import require_role

LONGEST_KEY = 40


@login_required
@never_cache
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Show the buildings where something is due."""
    require_role(rules.MAY_GO_ROUND)
    waiting = queries.buildings_waiting(signed_in(request))
    return render(request, "rounds/start.html", {"waiting": waiting})


@login_required
@never_cache
@require_GET
def building(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the doors of a building in the order they are walked."""
    require_role(rules.MAY_GO_ROUND)
    place = queries.building_or_not_found(pk)
    stops = queries.stops_of(place, signed_in(request))
    is_all = request.GET.get("all") == "1"
    shown = [stop for stop in stops if is_all or stop.due or stop.saved]
    first = next((one for one in shown if one.due and not one.saved), None)
    context = {
        "building": place,
        "stops": shown,
        "is_all": is_all,
        "of": len(stops),
        "first": first,
    }
    return render(request, "rounds/building.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def door(request: HttpRequest, pk: int) -> HttpResponse:
    """Show all that is due at a door, take it down, and go on to the next."""
    require_role(rules.MAY_GO_ROUND)
    place: Place = one_or_not_found(Place.objects.filter(kind="dwelling"), pk=pk)
    user = signed_in(request)
    parts = _parts(request, place, user)
    form_token = request.POST.get("form_token", "")[:LONGEST_KEY] or secrets.token_urlsafe(12)
    if request.method == "POST":
        answer = _save(request, place, parts, form_token)
        if answer is not None:
            return answer
        # What stays to be saved needs a new key, or it would count as sent twice.
        form_token = secrets.token_urlsafe(12)
    wrong = any(part.errors for part in parts)
    context = {
        "place": place,
        "parts": [(one, groups) for one in parts if (groups := one.groups()) or one.errors],
        "form_token": form_token,
        "households": residents(place),
        "wrong": wrong,
        "back": _back(place),
        "empty": not queries.door_at(place, today()).people,
        "callable": [one for one in queries.door_at(place, today()).people if may_call(one)],
    }
    return render(request, "rounds/door.html", context, status=422 if wrong else 200)


@login_required
@never_cache
@require_POST
def call(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    """Call somebody who lives behind a door of the round: the round says what for."""
    require_role(rules.MAY_GO_ROUND)
    place: Place = one_or_not_found(Place.objects.filter(kind="dwelling"), pk=pk)
    who = next((one for one in queries.door_at(place, today()).people if one.pk == person), None)
    if who is None:
        raise NotFound()
    why = _("走户：%(place)s") % {"place": place}
    back = reverse("rounds:door", args=[place.pk])
    sent = queries.is_sent_to(place, signed_in(request))
    return call_page(request, who, why=why, back=back, assigned=sent, purpose=RevealPurpose.VISIT)


def _parts(request: HttpRequest, place: Place, user: User) -> list[DoorPart]:
    door = queries.door_at(place, today())
    assigned = queries.is_sent_to(place, user)
    note_read([person.pk for person in door.people], assigned=assigned)
    data: Any = request.POST if request.method == "POST" else None
    return [part(data, prefix=key, door=door, user=user) for key, part in door_parts()]


def _save(
    request: HttpRequest, place: Place, parts: list[DoorPart], form_token: str
) -> HttpResponse | None:
    """Save when every part can be read; stay on the page when something was refused."""
    # A list, so that every part shows its errors and not only the first that has some.
    if not all([part.is_valid() for part in parts]):
        return None
    # The same page sent twice finds what it saved ended; that is told as what it is.
    is_new = not queries.is_saved(form_token)
    if is_new and any([part.refuse_what_is_gone() for part in parts]):
        return None
    user = signed_in(request)
    saved = save_door(place=place, parts=parts, form_token=form_token, by=user)
    if saved is None:
        messages.info(request, _("这一户刚才已经保存过，没有重复记"))
        return redirect(_next(place, user))
    for words in saved.words:
        messages.info(request, words)
    if any(part.errors for part in parts):
        if saved.things:
            words = _("记下%(n)d件；还有没记上的，请看红字")
            messages.success(request, words % {"n": saved.things})
        return None
    if not saved.things and not saved.words:
        messages.info(request, _("没有填什么，所以没有记"))
        return redirect("rounds:door", place.pk)
    messages.success(request, _("记下%(n)d件") % {"n": saved.things})
    return redirect(_next(place, user))


def _next(place: Place, user: User) -> str:
    following = queries.next_door(place, user)
    if following is not None:
        return reverse("rounds:door", args=[following.pk])
    return _back(place)


def _back(place: Place) -> str:
    pk = queries.building_of(place)
    return reverse("rounds:building", args=[pk]) if pk else reverse("rounds:start")
