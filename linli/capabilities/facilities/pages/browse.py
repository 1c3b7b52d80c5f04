"""The list of facilities, one facility, its code to print."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from linli.core.interface.registry import record_address
from linli.core.scope import current_scope
from linli.core.time import today
from linli.register.facilities.actions import may_do, may_keep
from linli.register.facilities.models import DutyDone
from linli.register.facilities.queries import (
    facilities_found,
    facility_or_not_found,
    kinds,
    papers_of,
)
from linli.register.posts.rules import READS_REGISTER
from linli.workbench.web.action_page import require_role

A_PAGE, MOST_DONE, MOST_PAPERS = 50, 20, 20


@login_required
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """Show what stands here, of one kind or of all, by word, the next due first."""
    require_role(READS_REGISTER)
    kind, word = request.GET.get("kind", "")[:40], request.GET.get("q", "").strip()[:40]
    matching = facilities_found(word)
    if kind:
        matching = matching.filter(kind=kind)
    page = Paginator(matching.order_by("next_inspection_on", "pk"), A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "kinds": kinds(),
        "kind": kind,
        "word": word,
        "may_keep": may_keep.holds(current_scope()),
    }
    return render(request, "facilities/list.html", context)


@login_required
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one facility: its dates, its duties, what was done."""
    require_role(READS_REGISTER)
    facility = facility_or_not_found(pk)
    scope = current_scope()
    done = DutyDone.objects.filter(duty__facility=facility).select_related("duty", "by")
    context = {
        "one": facility,
        "papers": papers_of(facility)[:MOST_PAPERS],
        "duties": facility.duties.filter(ended=False),
        "done": done[:MOST_DONE],
        "today": today(),
        "may_keep": may_keep.holds(scope),
        "may_do": may_do.holds(scope),
        "place_href": record_address("places.place", facility.place_id),
        "party_href": record_address("parties.party", facility.maintainer_id),
    }
    return render(request, "facilities/facility.html", context)


@login_required
@require_GET
def code(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the code to stick on the thing: scanned by somebody signed in, it opens its page."""
    import segno

    require_role(READS_REGISTER)
    facility = facility_or_not_found(pk)
    link = request.build_absolute_uri(reverse("facilities:facility", args=[facility.pk]))
    picture = str(segno.make(link, error="m").svg_data_uri(scale=5, border=2))
    return render(request, "facilities/code.html", {"one": facility, "qr": picture, "link": link})
