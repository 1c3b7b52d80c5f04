"""Moving, merging, splitting: choose, see what goes along, confirm."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.capabilities.place_pages.forms import MovePlaceForm, SplitForm
from linli.capabilities.place_pages.pages.action_links import GRIDS, may_shape, place_for
from linli.capabilities.place_pages.pages.add import is_confirmed, page, preview
from linli.capabilities.place_pages.queries.counts import PlaceCounts, counts_of
from linli.core.errors import NotFound, Refused
from linli.core.scope import current_scope
from linli.register.places.actions import merge_places, move_place, split_place
from linli.register.places.models import Place
from linli.register.places.queries import alike_nearby, children, holders
from linli.register.posts.queries import signed_in
from linli.workbench.web.action_page import add_refusal


def _goes_along(*places: Place) -> list[tuple[str, str]]:
    """Say what moves with these branches."""
    counted = sum((counts_of(place) for place in places), PlaceCounts())
    words = _("%(people)d人、%(households)d户、%(homes)d户室") % {
        "people": counted.people,
        "households": counted.households,
        "homes": counted.dwellings,
    }
    return [(_("一起过去"), words)]


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a branch below another place."""
    branch = place_for(pk, shaping=True)
    if not may_shape(branch, current_scope().role):
        raise NotFound()
    form = MovePlaceForm(request.POST or None, ends=holders(branch))
    title = _("划转%(place)s") % {"place": branch.name}
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            if not is_confirmed(request):
                lines = [(_("划到"), str(form.end())), *_goes_along(branch), (_("原因"), reason)]
                return preview(
                    request,
                    branch,
                    form,
                    title,
                    lines,
                    _("确认划转"),
                    _("地址、范围和岗位一起改，原来的位置写进沿革。"),
                )
            move_place(place=branch, to=form.end(), reason=reason, by=signed_in(request))
            messages.success(request, _("已划到%(place)s") % {"place": form.end()})
            return redirect("place_pages:place", pk)
        except Refused as refused:
            add_refusal(form, refused)
    return page(request, branch, form, title, _("先看看"), icon="eye")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a grid into another one."""
    grid = place_for(pk, shaping=True)
    if grid.kind not in GRIDS:
        raise NotFound()
    form = MovePlaceForm(request.POST or None, ends=alike_nearby(grid))
    title = _("合并%(place)s") % {"place": grid.name}
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            if not is_confirmed(request):
                lines = [(_("并入"), str(form.end())), *_goes_along(grid), (_("原因"), reason)]
                note = _("%(place)s随后撤销，沿革仍可查。") % {"place": grid.name}
                return preview(request, grid, form, title, lines, _("确认合并"), note)
            merge_places(place=grid, into=form.end(), reason=reason, by=signed_in(request))
            messages.success(request, _("已并入%(place)s") % {"place": form.end()})
            return redirect("place_pages:place", form.end().pk)
        except Refused as refused:
            add_refusal(form, refused)
    return page(request, grid, form, title, _("先看看"), icon="eye")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a new grid of some parts of this one."""
    grid = place_for(pk, shaping=True)
    if grid.kind not in GRIDS:
        raise NotFound()
    form = SplitForm(request.POST or None, parts=children(grid))
    title = _("拆分%(place)s") % {"place": grid.name}
    if request.method == "POST" and form.is_valid():
        typed, chosen = form.cleaned_data, form.chosen()
        try:
            if not is_confirmed(request):
                parts = "、".join(one.name for one in chosen)
                lines = [
                    (_("新网格"), typed["name"]),
                    (_("划出"), parts),
                    *_goes_along(*chosen),
                    (_("原因"), typed["reason"]),
                ]
                return preview(request, grid, form, title, lines, _("确认拆分"))
            fresh = split_place(
                place=grid,
                name=typed["name"],
                children=chosen,
                reason=typed["reason"],
                by=signed_in(request),
            )
            messages.success(request, _("已拆出%(place)s") % {"place": fresh})
            return redirect("place_pages:place", fresh.pk)
        except Refused as refused:
            add_refusal(form, refused)
    return page(request, grid, form, title, _("先看看"), icon="eye")
