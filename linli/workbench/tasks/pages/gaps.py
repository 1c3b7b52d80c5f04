"""Where nobody is responsible (P10), and mending it from there."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linli.core.batch_cache import batch_cache
from linli.core.errors import NotFound, Refused
from linli.core.scope import current_scope, one_or_not_found
from linli.register.places.actions import edits, state_estate
from linli.register.places.models import EstateStatement, Place
from linli.register.posts.queries import signed_in
from linli.register.posts.rules import MAY_GIVE_POSTS, may_give_role, stands_at
from linli.register.posts.terms import Role
from linli.workbench.tasks.forms import EstateForm
from linli.workbench.tasks.queries import Gap, UnattendedSeat, empty_posts, estates, unattended
from linli.workbench.tasks.rules import SEES_ALL_TASKS


@dataclass(frozen=True)
class GapLine:
    """One gap as the page shows it, and where it is mended; no address for who may not."""

    label: str
    note: str
    href: str = ""
    tasks: int = 0


@login_required
@never_cache
@require_GET
def nobody(request: HttpRequest) -> HttpResponse:
    """Show where nobody is responsible: empty seats with tasks, posts nobody holds, estates."""
    if current_scope().role not in SEES_ALL_TASKS:
        raise NotFound()
    with batch_cache():
        waiting, posts, known = unattended(), empty_posts(), estates()
    context = {
        "waiting": [_waiting(seat) for seat in waiting],
        "posts": [_post(gap) for gap in posts],
        "estates": known,
        "unmanaged": [_estate(gap) for gap in known.unmanaged],
        "unknown": [_estate(gap) for gap in known.unknown],
        "may_mend": current_scope().role in MAY_GIVE_POSTS,
    }
    return render(request, "tasks/gaps.html", context)


def _waiting(seat: UnattendedSeat) -> GapLine:
    """Say which post is empty, whether somebody else minds its tasks, or why nobody may."""
    role = str(Role(seat.role).label) if seat.role else ""
    words = [_("%(role)s · 由上一级代办") % {"role": role} if seat.is_minded else role]
    if seat.own_matters:
        figures = {"n": seat.own_matters}
        words.append(_("%(n)s件问的是在岗的人自己办的事，要另有人") % figures)
    elif seat.place is None:
        words.append(_("往上各级都没有人"))
    label = seat.place.name if seat.place else role
    shown = words if seat.place else words[1:]
    return GapLine(label, " · ".join(shown), _appoint(seat.role, seat.place), seat.tasks)


def _post(gap: Gap) -> GapLine:
    return GapLine(str(gap.place), str(Role(gap.role).label), _appoint(gap.role, gap.place))


def _appoint(role: str, place: Place | None) -> str:
    """Return where somebody is appointed, with the post filled in, and back here afterwards."""
    giver = current_scope().role
    if giver not in MAY_GIVE_POSTS or not may_give_role(giver=giver, given=role):
        return ""
    given = {"role": role, "next": reverse("tasks:gaps")}
    if place is not None and stands_at(role=role, kind=place.kind):
        given["place"] = str(place.pk)
    return f"{reverse('posts:give')}?{urlencode(given)}"


def _estate(gap: Gap) -> GapLine:
    words = [_("没有门岗")] if gap.gatekeeper is False else []
    if gap.gatekeeper is None:
        words.append(_("有没有门岗还没登记"))
    if gap.stated_on is not None:
        words.append(_("%(day)s登记") % {"day": gap.stated_on.isoformat()})
    href = reverse("tasks:estate", args=[gap.place.pk]) if edits.holds() else ""
    return GapLine(str(gap.place), " · ".join(words), href)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def estate(request: HttpRequest, pk: int) -> HttpResponse:
    """State whether an estate is managed and has a gatekeeper, or appoint its manager."""
    if not edits.holds():
        raise NotFound()
    rows = Place.objects.filter(kind="estate", ended_on__isnull=True)
    place = one_or_not_found(rows, pk=pk)
    if not current_scope().holds(place.path):
        raise NotFound()
    statement = EstateStatement.objects.filter(place=place).first()
    form = EstateForm(request.POST or None, statement=statement)
    if request.method == "POST" and form.is_valid():
        try:
            state_estate(estate=place, by=signed_in(request), **form.given())
        except Refused as refused:
            form.add_error("property_managed", refused.sentence)
        else:
            messages.success(request, _("已登记：%(place)s") % {"place": place})
            return redirect("tasks:gaps")
    context = {
        "form": form,
        "place": place,
        "statement": statement,
        "appoint": _appoint("property_manager", place),
    }
    status = 422 if form.errors else 200
    return render(request, "tasks/estate.html", context, status=status)
