"""Looking: the tree from my own place down, a community at a glance, a building from the front."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from linli.capabilities.place_pages.pages.action_links import draw_href, verbs_for
from linli.capabilities.place_pages.pages.colour_condition import (
    asked,
    asked_href,
    examples,
    list_href,
)
from linli.capabilities.place_pages.queries.counts import (
    DeclaredCounts,
    care_counts,
    kinds_below,
    told_below,
)
from linli.capabilities.place_pages.queries.elevation import front_of, said_beside
from linli.capabilities.place_pages.queries.plan import plan_of
from linli.capabilities.place_pages.queries.pyramid import pyramid_of
from linli.core.errors import NotFound, Refused
from linli.core.interface.registry import record_address
from linli.core.interface.view_models import Cell, Column
from linli.core.scope import current_scope
from linli.core.time import today
from linli.register.people.queries import facts_line, oldest_first, residents, shown_people
from linli.register.people.terms import PersonStatus
from linli.register.places.models import Building, Dwelling, Place
from linli.register.places.queries import (
    children,
    history_of,
    line_above,
    place_or_not_found,
    places_found,
    roots,
)
from linli.register.places.terms import PlaceKind
from linli.register.posts.rules import READS_PEOPLE, READS_REGISTER
from linli.workbench.read_budget.actions import note_read

FRONTS = (PlaceKind.BUILDING, PlaceKind.ENTRANCE)


def reader_only() -> None:
    """Refuse posts that read no register; they have no such page."""
    if current_scope().role not in READS_REGISTER:
        raise NotFound()


@login_required
@never_cache
@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """Show my own place, or what a search for a name, an address or pinyin finds."""
    reader_only()
    typed = request.GET.get("q", "").strip()[:80]
    if typed or request.headers.get("HX-Target") == "found":
        found = places_found(typed)
        shown = [_row(place) for place in found.places]
        context = {"asked": typed, "found": shown, "more": found.more}
        part = request.headers.get("HX-Target") == "found"
        return render(
            request, "place_pages/found.html" if part else "place_pages/places.html", context
        )
    mine = roots()
    if len(mine) == 1:
        return _one(request, mine[0], is_root=True)
    context = {"asked": "", "found": [_row(place) for place in mine]}
    return render(request, "place_pages/places.html", context)


def _row(place: Place) -> dict[str, Any]:
    note = place.get_kind_display()
    return {"place": place, "note": note, "href": reverse("place_pages:place", args=[place.pk])}


@login_required
@never_cache
@require_safe
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a place: what it is decides how."""
    reader_only()
    return _one(request, place_or_not_found(pk), is_root=False)


def _one(request: HttpRequest, place_shown: Place, *, is_root: bool) -> HttpResponse:
    if place_shown.kind == PlaceKind.DWELLING:
        return _dwelling(request, place_shown)
    parent = place_shown.parent
    in_building = (
        place_shown.kind == PlaceKind.MICRO_GRID and parent is not None and (parent.kind in FRONTS)
    )
    if place_shown.kind in FRONTS or in_building:
        return _front(request, place_shown)
    below = children(place_shown)
    counted, each = told_below(place_shown, below)
    context = {
        **heading_of(place_shown),
        "is_root": is_root,
        "plan": plan_of(place_shown),
        "draw_href": draw_href(place_shown),
        "tiles": _tiles(place_shown, counted),
        "pyramid": pyramid_of(place_shown),
        "looked_after": [_linked(care_count) for care_count in care_counts(place_shown)],
        "columns": [
            Column(_("名称")),
            Column(_("类别")),
            Column(_("居民"), "number"),
            Column(_("住户"), "number"),
            Column(_("户室"), "number"),
        ],
        "rows": [_line(one, each[one.pk]) for one in below],
    }
    return render(request, "place_pages/place.html", context)


def heading_of(found: Place) -> dict[str, Any]:
    """Return what stands above every page of a place: where it lies, the way back, the verbs."""
    scope = current_scope()
    line = [
        (
            above.name,
            reverse("place_pages:place", args=[above.pk]) if scope.holds(above.path) else "",
        )
        for above in line_above(found)
    ]
    back = next((href for _name, href in reversed(line) if href), reverse("place_pages:places"))
    return {"place": found, "line": line, "back": back, "verbs": verbs_for(found)}


def _tiles(place_shown: Place, counted: DeclaredCounts) -> list[tuple[str, Any, str]]:
    """Return the figures of a place: value, label, unit."""
    kinds = kinds_below(place_shown)
    shown = (
        PlaceKind.COMMUNITY,
        PlaceKind.ESTATE,
        PlaceKind.GRID,
        PlaceKind.MICRO_GRID,
        PlaceKind.BUILDING,
    )
    return [
        (counted.people, _("居民"), _("人")),
        (counted.households, _("住户"), _("户")),
        *((f"{kinds[one]:,}", PlaceKind(one).label, "") for one in shown if kinds.get(one)),
        (counted.dwellings, _("户室"), ""),
    ]


def _line(child: Place, counted: DeclaredCounts) -> list[Cell]:
    return [
        Cell(child.name, href=reverse("place_pages:place", args=[child.pk])),
        Cell(child.get_kind_display()),
        *(Cell(n) for n in (counted.people, counted.households, counted.dwellings)),
    ]


def _linked(care_count: Any) -> dict[str, Any]:
    href = asked_href(care_count.sentence) if care_count.count else ""
    return {
        "label": care_count.label,
        "value": f"{care_count.count:,}",
        "href": href,
        "tone": care_count.tone,
    }


def _front(request: HttpRequest, place: Place) -> HttpResponse:
    """Show a building from the front; ``q`` is a sentence, ``condition`` a saved one as JSON."""
    sentence = request.GET.get("q", "").strip()
    context: dict[str, Any] = {"sentence": sentence, "refused": None}
    condition, refused = None, None
    try:
        condition, shown = asked(request)
        context |= {"front": front_of(place, condition), **shown}
    except Refused as wrong:
        context |= {"front": front_of(place), "refused": wrong}
        refused = wrong
    if condition is not None and not refused:
        context["beside"] = said_beside(condition, place)
    if condition is not None and sentence:
        context["list_href"] = list_href(str(place), sentence, condition)
    context |= {"place": place, "examples": examples(place)}
    status = 422 if refused else 200
    if request.headers.get("HX-Target") == "seen":
        return render(request, "place_pages/seen.html", context, status=status)
    facts = Building.objects.filter(place=place).first()
    context |= {**heading_of(place), "facts": _facts(facts) if facts else []}
    return render(request, "place_pages/building.html", context, status=status)


def _facts(facts: Building) -> list[tuple[str, str]]:
    lifts = {True: _("有"), False: _("没有")}.get(facts.has_lift, "")  # type: ignore[arg-type]
    if facts.lift_count:
        lifts = _("%(n)d台") % {"n": facts.lift_count}
    managed = {True: _("有"), False: _("没有")}
    known = [
        (_("层数"), facts.floors),
        (_("建成年份"), facts.built_year),
        (_("电梯"), lifts),
        (_("结构"), facts.get_structure_display()),
        (_("用途"), facts.get_usage_display()),
        (_("物业"), managed.get(facts.property_managed, "")),  # type: ignore[arg-type]
        (_("门岗"), managed.get(facts.gatekeeper, "")),  # type: ignore[arg-type]
    ]
    return [(label, str(value)) for label, value in known if value]


def _dwelling(request: HttpRequest, home: Place) -> HttpResponse:
    """Show who lives behind a door."""
    rows_here = shown_people().filter(home=home, status=PersonStatus.CURRENT)
    people = list(rows_here.select_related("household"))
    note_read(person.pk for person in people)
    day, opens_files = today(), current_scope().role in READS_PEOPLE
    rows: dict[int, list[dict[str, Any]]] = {}
    for person in sorted(people, key=lambda p: (p.relation_to_head != "0", *oldest_first(p))):
        parts = (
            person.get_relation_to_head_display(),
            facts_line(person, day),
            "" if person.is_living_here else person.where_now,
        )
        href = record_address("people.person", person.pk)
        row = {"person": person, "facts": " · ".join(filter(None, parts)), "href": href}
        rows.setdefault(person.household_id or 0, []).append(row)
    households = [
        {
            "people": rows.get(household.pk, []),
            "href": record_address("people.household", household.pk),
            "household": household,
        }
        for household in residents(home)
        if opens_files
    ]
    context = {
        "opens_files": opens_files,
        **heading_of(home),
        "households": households,
        "alone": rows.get(0, []),
        "facts": Dwelling.objects.filter(place=home).first(),
    }
    return render(request, "place_pages/dwelling.html", context)


@login_required
@never_cache
@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what happened to a place: added, moved, merged, split, renamed, ended."""
    reader_only()
    place_shown = place_or_not_found(pk)
    context = {
        **heading_of(place_shown),
        "changes": history_of(place_shown),
        "back": reverse("place_pages:place", args=[pk]),
    }
    return render(request, "place_pages/history.html", context)
