"""The list of facilities, one facility, its code to print."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from linli.core.interface.record_lists import ListColumn, ListRow, RecordList, sorting
from linli.core.interface.registry import record_address
from linli.core.interface.view_models import Cell
from linli.core.scope import current_scope
from linli.core.time import today
from linli.register.facilities.actions import may_do, may_keep
from linli.register.facilities.models import DutyDone, Facility
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
    asked = sorting(request.GET, COLUMNS)
    order = asked.order or ("next_inspection_on", "pk")
    rows = matching.select_related("place", "maintainer").order_by(*order)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    view = RecordList(
        caption=kind or _("全部设施"),
        sorting=asked,
        rows=[_row(one) for one in page],
        found=page.paginator.count,
        page=page,
        empty=_("没有设施"),
        empty_note=_("新增一处，或从表格导入"),
    )
    context = {
        "view": view,
        "kinds": kinds(),
        "kind": kind,
        "word": word,
        "may_keep": may_keep.holds(current_scope()),
    }
    return render(request, "facilities/list.html", context)


COLUMNS = (
    ListColumn("name", gettext_lazy("名称"), order=("name", "pk")),
    ListColumn("next", gettext_lazy("下次检验"), order=("next_inspection_on", "pk")),
    ListColumn("kind", gettext_lazy("类别"), order=("kind", "name", "pk")),
    ListColumn("place", gettext_lazy("在哪里"), order=("place__path", "pk")),
    ListColumn("code", gettext_lazy("编号"), order=("code", "pk"), extra=True, desk=True),
    ListColumn("maintainer", gettext_lazy("维保"), order=("maintainer__name", "pk"), extra=True),
)


def _row(one: Facility) -> ListRow:
    day = one.next_inspection_on
    is_late = day is not None and day < today()
    words = day.isoformat() if day is not None else ""
    cells = {
        "name": one.name,
        "next": Cell(_("%(day)s 已过") % {"day": words}, tone="bad") if is_late else words,
        "kind": one.kind,
        "place": str(one.place),
        "code": one.code,
        "maintainer": one.maintainer.name if one.maintainer is not None else "",
    }
    return ListRow(one.pk, reverse("facilities:facility", args=[one.pk]), cells)


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
