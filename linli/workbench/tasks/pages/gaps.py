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
from linli.core.interface.registry import record_address
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
    """One gap as the page shows it; it leads to where it is mended, for others to its place."""

    label: str
    note: str
    href: str = ""
    tasks: int = 0
    community: str = ""


@dataclass(frozen=True)
class GapGroup:
    """Gaps of one community under its name, or all of a short list under none."""

    community: str
    lines: list[GapLine]

    @property
    def title(self) -> str:
        """Return the name and how many there are."""
        return _("%(community)s · %(n)s处") % {"community": self.community, "n": len(self.lines)}


MOST_IN_A_ROW = 12  # a longer list stands folded, community by community


@login_required
@never_cache
@require_GET
def nobody(request: HttpRequest) -> HttpResponse:
    """Show where nobody is responsible: empty seats with tasks, posts nobody holds, estates."""
    if current_scope().role not in SEES_ALL_TASKS:
        raise NotFound()
    with batch_cache():
        waiting, posts, known = unattended(), empty_posts(), estates()
        here = _communities()
        unknown = [_estate(gap, here) for gap in known.unknown]
    context = {
        "waiting": _grouped([_waiting(seat, here) for seat in waiting]),
        "posts": _grouped([_post(gap, here) for gap in posts]),
        "estates": known,
        "unmanaged": _grouped([_estate(gap, here) for gap in known.unmanaged]),
        "unknown": _grouped(unknown),
        "unknown_count": len(unknown),
        "may_mend": current_scope().role in MAY_GIVE_POSTS,
    }
    return render(request, "tasks/gaps.html", context)


def _communities() -> dict[str, str]:
    """Return the communities of the scope by path; of a single one nobody needs the name."""
    rows = dict(Place.objects.filter(kind="community").values_list("path", "name"))
    return rows if len(rows) > 1 else {}


def _community_of(place: Place | None, here: dict[str, str]) -> str:
    path = place.path if place is not None else ""
    return next((name for above, name in here.items() if path.startswith(above)), "")


def _grouped(lines: list[GapLine]) -> list[GapGroup]:
    """Return a short list as it is, a long one community by community."""
    if len(lines) <= MOST_IN_A_ROW or not any(line.community for line in lines):
        return [GapGroup("", lines)] if lines else []
    names = list(dict.fromkeys(line.community for line in lines))
    return [
        GapGroup(name or _("街道"), [line for line in lines if line.community == name])
        for name in names
    ]


def _noted(community: str, place: Place, words: str) -> str:
    """Say the community beside a place whose own name does not."""
    named = "" if not community or community in str(place) else community
    return " · ".join(word for word in (named, words) if word)


def _waiting(seat: UnattendedSeat, here: dict[str, str]) -> GapLine:
    """Say which post is empty, whether somebody else minds its tasks, or why nobody may."""
    role = str(Role(seat.role).label) if seat.role else ""
    words = [_("%(role)s · 由上一级代办") % {"role": role} if seat.is_minded else role]
    if seat.own_matters:
        figures = {"n": seat.own_matters}
        words.append(_("%(n)s件问的是在岗的人自己办的事，要另有人") % figures)
    elif seat.place is None:
        words.append(_("往上各级都没有人"))
    label = seat.place.name if seat.place else role
    note = " · ".join(words if seat.place else words[1:])
    community = _community_of(seat.place, here)
    note = _noted(community, seat.place, note) if seat.place else note
    href = _appoint(seat.role, seat.place) or _place_href(seat.place)
    return GapLine(label, note, href, seat.tasks, community)


def _post(gap: Gap, here: dict[str, str]) -> GapLine:
    community = _community_of(gap.place, here)
    note = _noted(community, gap.place, str(Role(gap.role).label))
    href = _appoint(gap.role, gap.place) or _place_href(gap.place)
    return GapLine(str(gap.place), note, href, community=community)


def _place_href(place: Place | None) -> str:
    """Return the page of a place, which says who answers there, for who may not mend it."""
    return record_address("places.place", place.pk) if place is not None else ""


def _appoint(role: str, place: Place | None) -> str:
    """Return where somebody is appointed, with the post filled in, and back here afterwards."""
    giver = current_scope().role
    if giver not in MAY_GIVE_POSTS or not may_give_role(giver=giver, given=role):
        return ""
    given = {"role": role, "next": reverse("tasks:gaps")}
    if place is not None and stands_at(role=role, kind=place.kind):
        given["place"] = str(place.pk)
    return f"{reverse('posts:give')}?{urlencode(given)}"


def _estate(gap: Gap, here: dict[str, str]) -> GapLine:
    words = [_("没有门岗")] if gap.gatekeeper is False else []
    if gap.gatekeeper is None:
        words.append(_("有没有门岗还没登记"))
    if gap.stated_on is not None:
        words.append(_("%(day)s登记") % {"day": gap.stated_on.isoformat()})
    mends = reverse("tasks:estate", args=[gap.place.pk]) if edits.holds() else ""
    community = _community_of(gap.place, here)
    note = _noted(community, gap.place, " · ".join(words))
    return GapLine(str(gap.place), note, mends or _place_href(gap.place), community=community)


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
