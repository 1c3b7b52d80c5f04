"""Adding one place or a whole building, renaming, correcting, ending."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from linli.capabilities.place_pages.forms import (
    AddPlaceForm,
    BuildingFactsForm,
    BuildingForm,
    NameForm,
    RestructureForm,
    kinds_below,
)
from linli.capabilities.place_pages.pages.action_links import place_for
from linli.capabilities.place_pages.queries.counts import counts_of
from linli.core.errors import NotFound, Refused
from linli.core.scope import one_or_not_found
from linli.register.places.actions import (
    add_building,
    add_place,
    building_spec,
    change_building,
    end_place,
    rename_place,
)
from linli.register.places.models import Building, Place
from linli.register.places.rules import MAY_HOLD
from linli.register.places.terms import PlaceKind
from linli.register.posts.queries import signed_in
from linli.workbench.web.action_page import add_refusal
from linli.workbench.web.edit_form import editing, status_of


def page(
    request: HttpRequest, place: Place, form: Any, title: str, submit: str, **more: Any
) -> HttpResponse:
    """Show a form about a place."""
    context = {
        "place": place,
        "form": form,
        "title": title,
        "submit": submit,
        "back": reverse("place_pages:place", args=[place.pk]),
        **more,
    }
    return render(request, "place_pages/form.html", context, status=status_of(form))


def preview(
    request: HttpRequest,
    place: Place,
    form: Any,
    title: str,
    lines: list[tuple[str, str]],
    submit: str,
    note: str = "",
) -> HttpResponse:
    """Show what would happen; the same form comes back with a yes."""
    # As typed, not as cleaned: the confirmed form is checked once more from the start.
    typed = [(name, value) for name in form.fields for value in _typed(form, name)]
    context = {
        "place": place,
        "title": title,
        "lines": lines,
        "given": typed,
        "submit": submit,
        "note": note,
        "back": request.get_full_path(),
    }
    return render(request, "place_pages/preview.html", context)


def _typed(form: Any, name: str) -> list[str]:
    """Return what was typed; a place that was found by words comes back as the one it is."""
    value = form.cleaned_data.get(name)
    return [str(value.pk)] if isinstance(value, Place) else form.data.getlist(name)


def is_confirmed(request: HttpRequest) -> bool:
    """Was the preview answered with a yes?"""
    return request.POST.get("confirmed") == "yes"


def made(request: HttpRequest, place: Place, words: str) -> HttpResponse:
    """Say what was added, with a way to take it back, and show it."""
    undo = reverse("place_pages:take-back", args=[place.pk])
    messages.success(request, words, extra_tags=f"undo:{undo}")
    return redirect("place_pages:place", place.pk)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add one place below."""
    parent = place_for(pk)
    if not kinds_below(parent):
        raise NotFound()
    form = AddPlaceForm(request.POST or None, parent=parent)
    if request.method == "POST" and form.is_valid():
        try:
            fresh = add_place(parent=parent, by=signed_in(request), **form.given())
            return made(request, fresh, _("已添加%(place)s") % {"place": fresh})
        except Refused as refused:
            add_refusal(form, refused)
    return page(request, parent, form, _("添加"), _("添加"), icon="plus")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def add_whole_building(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a building with all its doors, after a look at what will be made."""
    parent = place_for(pk)
    if PlaceKind.BUILDING not in MAY_HOLD[parent.kind]:
        raise NotFound()
    form = BuildingForm(request.POST or None)
    title = _("整栋添加")
    if request.method == "POST" and form.is_valid():
        typed = form.given()
        try:
            if not is_confirmed(request):
                lines = _what_is_made(parent, typed)
                return preview(request, parent, form, title, lines, _("确认添加"))
            fresh = add_building(parent=parent, by=signed_in(request), **typed)
            return made(request, fresh, _("已添加%(place)s") % {"place": fresh})
        except Refused as refused:
            add_refusal(form, refused)
    return page(request, parent, form, title, _("先看看"), icon="eye")


def _what_is_made(parent: Place, given: dict[str, Any]) -> list[tuple[str, str]]:
    spec = building_spec(**given)
    # With one entrance the doors stand right below the building.
    first = spec.children[0]
    doors = first.children or spec.children
    entrances = len(spec.children) if first.children else 0
    lines = [(_("楼栋"), f"{parent.name} · {spec.name}")]
    if entrances:
        lines.append((_("单元"), f"{first.name}…{spec.children[-1].name}"))
    return [
        *lines,
        (_("户室"), _("共%(n)d户") % {"n": len(doors) * max(entrances, 1)}),
        (_("室号"), f"{doors[0].name}…{doors[-1].name}"),
        (_("顶层"), "、".join(door.name for door in doors[-given["doors_a_floor"] :][:8])),
    ]


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Give another name; the addresses below follow."""
    place = place_for(pk)
    form = NameForm(request.POST or None, place=place)
    if request.method == "POST" and form.is_valid():
        try:
            with editing(request, form):
                rename_place(place=place, name=form.cleaned_data["name"], by=signed_in(request))
            messages.success(request, _("已改名，下面的地址一起改了"))
            return redirect("place_pages:place", pk)
        except Refused as refused:
            add_refusal(form, refused)
    return page(request, place, form, _("改名"), _("改名"), icon="check")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def facts(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what is known of a building."""
    place = place_for(pk)
    building: Building = one_or_not_found(Building.objects.all(), place=place)
    form = BuildingFactsForm(request.POST or None, building=building)
    if request.method == "POST" and form.is_valid():
        try:
            with editing(request, form):
                change_building(building=place, changes=form.changes(), by=signed_in(request))
            messages.success(request, _("已保存"))
            return redirect("place_pages:place", pk)
        except Refused as refused:
            add_refusal(form, refused)
    return page(request, place, form, _("修改楼栋资料"), _("保存"), icon="check")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an empty place off the tree; its file and history remain."""
    place = place_for(pk)
    form = RestructureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end_place(place=place, reason=form.cleaned_data["reason"], by=signed_in(request))
            messages.success(request, _("已撤销%(place)s") % {"place": place})
            return _to_parent(place)
        except Refused as refused:
            add_refusal(form, refused)
    counted = counts_of(place)
    note = _("%(people)d人、%(dwellings)d户室。有人住就不能撤销；撤销后沿革仍可查。") % {
        "people": counted.people,
        "dwellings": counted.dwellings,
    }
    return page(request, place, form, _("撤销"), _("撤销"), icon="archive", note=note)


@login_required
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo an addition a moment ago, as long as nobody lives there."""
    place = place_for(pk)
    end_place(place=place, reason=_("撤回新增"), by=signed_in(request))
    messages.success(request, _("已撤回%(place)s") % {"place": place})
    return _to_parent(place)


def _to_parent(place: Place) -> HttpResponse:
    parent = place.parent
    return redirect("place_pages:place", parent.pk) if parent else redirect("place_pages:places")
