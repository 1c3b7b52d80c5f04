"""The plan of an estate: looking at it, drawing it, and taking a drawing back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.capabilities.place_pages.forms import PARTS, PlanForm
from linli.capabilities.place_pages.pages.action_links import draw_href, place_for
from linli.capabilities.place_pages.pages.browse import heading_of, reader_only
from linli.capabilities.place_pages.pages.colour_condition import asked, examples, list_href
from linli.capabilities.place_pages.queries.elevation import said_beside
from linli.capabilities.place_pages.queries.plan import PlanFound, plan_of
from linli.core.errors import NotFound, Refused
from linli.core.fields import Condition
from linli.core.interface.view_models import Cell, Column, Plan, PlanHouse
from linli.register.places.models import Place
from linli.register.places.plan_layout import in_rows
from linli.register.places.plans import Cells, cells_of, draw_plan, kept_cells, standing_buildings
from linli.register.places.queries import place_or_not_found
from linli.register.places.terms import PlaceKind
from linli.register.posts.queries import signed_in
from linli.workbench.conditions import queries as conditions
from linli.workbench.journal.models import JournalEntry
from linli.workbench.web.action_page import add_refusal
from linli.workbench.web.edit_form import editing, status_of

ROOM = 3  # free cells to the right and below, to move a building to


@login_required
@never_cache
@require_safe
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an estate from above; ``q`` is a sentence, ``condition`` a saved one as JSON."""
    reader_only()
    place = place_or_not_found(pk)
    found = plan_of(place)
    if found is None:
        raise NotFound()
    sentence = request.GET.get("q", "").strip()
    context: dict[str, Any] = {"sentence": sentence, "refused": None}
    try:
        condition, shown = asked(request)
        if condition is not None:
            found = plan_of(place, condition)
            context |= shown | _beside(place, sentence, condition, found)
    except Refused as refused:
        context["refused"] = refused
    context |= {"place": place, "plan": found, **_table(found)}
    status = 422 if context["refused"] else 200
    if request.headers.get("HX-Target") == "seen":
        return render(request, "place_pages/plan_seen.html", context, status=status)
    context |= {
        **heading_of(place),
        "examples": examples(place),
        "draw_href": draw_href(place),
        "back": reverse("place_pages:place", args=[pk]),
    }
    return render(request, "place_pages/plan.html", context, status=status)


def _beside(
    place: Place, sentence: str, condition: Condition, found: PlanFound | None
) -> dict[str, Any]:
    """Say of whom nothing is recorded, and where the list of those counted is."""
    shown: dict[str, Any] = {"asked": True, "beside": said_beside(condition, place)}
    if not sentence or found is None:
        return shown
    named = place.name if place.kind == PlaceKind.ESTATE else str(place)
    listed = conditions.asked(f"{named}{sentence}", only_understood=True, field="q")
    # An estate of the same name elsewhere would make the list another one than the picture.
    if conditions.count(listed.condition) == found.matching:
        shown["list_href"] = list_href(named, sentence, condition)
    return shown


def _table(found: PlanFound | None) -> dict[str, Any]:
    if found is None:
        return {}
    columns = [Column(_("楼栋")), Column(found.heading, "number")]
    rows = [[Cell(row.place.name, href=row.href), Cell(row.number)] for row in found.rows]
    if found.outside:
        rows.append([Cell(_("不在楼栋里")), Cell(f"{found.outside}{found.counter}")])
    return {"columns": columns, "rows": rows}


def estate_for(pk: int) -> Place:
    """Return an estate to be drawn, or nothing at all to those who could not draw it."""
    estate = place_for(pk)
    if estate.kind != PlaceKind.ESTATE or estate.ended_on is not None:
        raise NotFound()
    return estate


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def draw(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw the plan: buildings in rows as a first draft, then each moved to where it stands."""
    estate = estate_for(pk)
    houses = standing_buildings(estate)
    form = PlanForm(request.POST or None, estate=estate, houses=houses)
    if request.method == "POST" and form.is_valid():
        try:
            with editing(request, form):
                draw_plan(estate=estate, cells=form.cells(), by=signed_in(request))
            return drawn(request, estate)
        except Refused as refused:
            add_refusal(form, refused)
    standing = cells_of(estate)
    draft = request.GET.get("draft", "" if standing else "rows")
    if not form.is_bound and draft:
        form.begin_as(_draft(houses, standing, draft))
    context = {
        "place": estate,
        "form": form,
        "parts": [label for _name, label in PARTS],
        "view": drawing(estate, houses, form.shown_cells()),
        "draft": draft,
        "missing": sum(1 for one in houses if one.pk not in standing),
        "some": bool(standing),
        "back": reverse("place_pages:place", args=[pk]),
    }
    return render(request, "place_pages/plan_draw.html", context, status=status_of(form))


def _draft(houses: Sequence[Place], standing: Cells, draft: str) -> Cells:
    """Return all buildings in rows, or with "rest" those not yet on the plan below it."""
    if draft != "rest":
        return in_rows([one.pk for one in houses])
    rest = [one.pk for one in houses if one.pk not in standing]
    return {**standing, **in_rows(rest, standing.values())}


def drawing(estate: Place, houses: Sequence[Place], cells: Cells) -> Plan:
    """Return the drawing beside the boxes; without script it shows what was loaded."""
    drawn_houses = [
        PlanHouse(
            one.pk,
            one.name,
            cells[one.pk].x - 1 if one.pk in cells else 0,
            cells[one.pk].y - 1 if one.pk in cells else 0,
            cells[one.pk].width if one.pk in cells else 1,
            cells[one.pk].height if one.pk in cells else 1,
            is_placed=one.pk in cells,
        )
        for one in houses
    ]
    caption = _("%(place)s平面图") % {"place": estate.name}
    says = _("选一幢，用方向键挪，按住Shift改大小；旁边的数字一起变")
    return Plan(caption, says, drawn_houses, room=ROOM)


def drawn(request: HttpRequest, estate: Place) -> HttpResponse:
    """Say that it is drawn, with a way to take it back, and show it."""
    last = _last_drawing(estate)
    undo = reverse("place_pages:undo-plan", args=[estate.pk, last.pk]) if last else ""
    messages.success(request, _("平面图已保存"), extra_tags=f"undo:{undo}" if undo else "")
    return redirect("place_pages:plan", estate.pk)


def _last_drawing(estate: Place) -> JournalEntry | None:
    about = {"subject_kind": "places.place", "subject_id": estate.pk}
    last: JournalEntry | None = JournalEntry.objects.filter(
        kind="place.plan_drawn", **about
    ).first()
    return last


@login_required
@require_POST
def undo(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """Put the plan back as it was before the last drawing, unless it was drawn again since."""
    estate = estate_for(pk)
    last = _last_drawing(estate)
    if last is None:
        raise NotFound()
    if last.pk != entry or "before" not in last.data:
        messages.error(request, _("后来又有人改过平面图，没有撤回"))
        return redirect("place_pages:plan", pk)
    here = {one.pk for one in standing_buildings(estate)}
    before = kept_cells(last.data["before"])
    cells = {key: cell for key, cell in before.items() if key in here}
    draw_plan(estate=estate, cells=cells, by=signed_in(request))
    messages.success(request, _("平面图已改回原来的样子"))
    return redirect("place_pages:plan", pk)
