"""Taking a death or a move out back, after what stands in the way was looked at."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.capabilities.residents.pages.facts import check_may_edit
from linli.core.errors import NotFound
from linli.core.scope import current_scope
from linli.register.people.actions import departure_obstacles, departure_of, undo_departure
from linli.register.people.queries import person_or_not_found
from linli.register.posts.queries import signed_in
from linli.workbench.imports.undo_presenters import page_context, people_in_the_way


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what comes back and what stands in the way; then take the record back."""
    check_may_edit()
    person = person_or_not_found(pk)
    departure = departure_of(person)
    if departure is None:
        raise NotFound()
    if request.method == "POST":
        undo_departure(person=person, by=signed_in(request))
        messages.success(request, _("已撤销，%(name)s恢复为在住") % {"name": person.name})
        return redirect("residents:person", pk)
    obstacles = departure_obstacles(departure)
    context = page_context(
        question=_("撤销%(name)s的%(status)s登记？")
        % {"name": person.name, "status": departure.get_status_display()},
        takes=[
            _("恢复为在住，住址、所在户和户主回到登记前"),
            _("看望安排和吹哨在下一次自动计划时重新生成"),
        ],
        in_the_way=people_in_the_way(obstacles, departure.recorded_at, current_scope().role),
        cancel_href=reverse("residents:person", args=[pk]),
    )
    return render(request, "web/undo_page.html", context)
