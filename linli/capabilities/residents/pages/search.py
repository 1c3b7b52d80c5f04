"""Finding somebody by whatever the caller knows."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.capabilities.residents.queries import listed_by, person_row
from linli.core.errors import NotFound
from linli.core.scope import current_scope
from linli.core.time import today
from linli.register.people.queries import number_kind, people_found
from linli.register.posts.rules import MAY_EDIT_PEOPLE, MAY_REVEAL, READS_PEOPLE
from linli.workbench.read_budget.actions import note_read

A_PAGE = 20


@login_required
@never_cache
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Search people; the list below is filled while typing and by the button alike."""
    role = current_scope().role
    if role not in READS_PEOPLE:
        raise NotFound()
    typed = request.GET.get("q", "").strip()[:80]
    also_gone = request.GET.get("gone") == "1"
    page = Paginator(people_found(typed, also_gone=also_gone), A_PAGE).get_page(
        request.GET.get("page")
    )
    day = today()
    # Without a question there is no list: nobody leafs through the register.
    rows = list(page.object_list) if typed else []
    note_read([row.pk for row in rows], listed=listed_by(typed, page.paginator.count))
    context = {
        "asked": typed,
        "also_gone": also_gone,
        "people": [person_row(row, day) for row in rows],
        "page": page,
        "count": page.paginator.count,
        "examples": ["阿香", "zhangwei", "zw", "东方丽都 1802"],
        "looks_like_a_number": role in MAY_REVEAL and bool(number_kind(typed)),
        "may_look_up": role in MAY_REVEAL,
        "may_edit": role in MAY_EDIT_PEOPLE,
    }
    part = request.headers.get("HX-Target") == "found"
    return render(request, "residents/found.html" if part else "residents/search.html", context)
