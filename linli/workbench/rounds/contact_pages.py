"""见到了: a lead of a few doors says in one tap whom they saw there."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.core.errors import NotFound
from linli.core.interface.registry import record_address
from linli.core.scope import one_or_not_found
from linli.core.time import today
from linli.register.places.models import Place
from linli.register.posts.queries import signed_in
from linli.workbench.rounds import queries, rules
from linli.workbench.rounds.actions import note_seen, seen_by, take_seen_back
from linli.workbench.web.action_page import require_role


@login_required
@require_POST
def seen(request: HttpRequest, pk: int) -> HttpResponse:
    """Note a contact with everybody who is ticked; 撤销 takes it back."""
    require_role(rules.SEES_NEIGHBOURS)
    place: Place = one_or_not_found(Place.objects.filter(kind="dwelling"), pk=pk)
    ticked = set(request.POST.getlist("people"))
    people = [one for one in queries.door_at(place, today()).people if str(one.pk) in ticked]
    back: Any = record_address("places.place", pk) or "web:home"
    if not people:
        messages.warning(request, _("一个人也没勾，没有记"))
        return redirect(back)
    token = secrets.token_urlsafe(9)
    noted = note_seen(place=place, people=people, token=token, by=signed_in(request))
    if not noted:
        messages.info(request, _("今天已经记过见到他们，没有重复记"))
        return redirect(back)
    undo = reverse("rounds:undo-seen", args=[pk, token])
    words = _("记下了：见到%(n)s人") % {"n": noted}
    messages.success(request, words, extra_tags=f"undo:{undo}")
    return redirect(back)


@login_required
@require_POST
def undo(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """Take back what one tap noted, for whoever tapped."""
    require_role(rules.SEES_NEIGHBOURS)
    place: Place = one_or_not_found(Place.objects.filter(kind="dwelling"), pk=pk)
    user = signed_in(request)
    if not seen_by(token, user):
        raise NotFound()
    take_seen_back(place=place, token=token, by=user)
    messages.success(request, _("已撤销"))
    return redirect(record_address("places.place", pk) or "web:home")
