"""The figures of my place on 今日: people, households, the very old, what is not confirmed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from linli.core.interface import registry, shell
from linli.core.interface.picture_models import HeatCell, HeatColumn, HeatMatrix, HeatRow
from linli.core.scope import current_scope, scope_or_none
from linli.core.time import born_on_or_before, today
from linli.faces.web import first_week
from linli.faces.web.rules import STALE_AFTER_DAYS, VERY_OLD_FROM
from linli.register.people.models import Household, Person
from linli.register.places.models import Place
from linli.workbench.conditions.listing.small_cells import declared_parts
from linli.workbench.conditions.queries import everybody, is_offered, may_list


def place_figures(request: HttpRequest) -> dict[str, Any] | None:
    """Count once over my scope; a post that reads no register has no figures.

    A figure rests on facts: who may not ask them is not told the figure either.
    """
    scope = scope_or_none()
    if scope is None or not (scope.paths or scope.everything):
        return None
    day = today()
    stale = Q(confirmed_on__isnull=True) | Q(confirmed_on__lt=day - timedelta(STALE_AFTER_DAYS))
    latest_birth = born_on_or_before(VERY_OLD_FROM, day)
    counted = everybody("person").aggregate(
        people=Count("pk"),
        very_old=Count("pk", filter=Q(birth_date__lte=latest_birth)),
        stale=Count("pk", filter=stale),
    )
    households = Household.objects.filter(ended_on__isnull=True).count()
    if not counted["people"]:
        return None
    figures = [
        _declared(counted["people"], _("居民"), _("人")),
        _declared(households, _("住户"), _("户")),
    ]
    if is_offered("person", "very_old"):
        label, count = _("80岁以上"), counted["very_old"]
        # What is asked stays Chinese, whatever the language of the label.
        figures.append(_figure(count, label, _("人"), tone="accent", sentence="80岁以上"))
    if is_offered("person", "confirmed_on"):
        figures.append(_figure(counted["stale"], _("半年没有核实"), _("人"), tone="warn"))
    return {"figures": figures}


def matrix(_request: HttpRequest) -> dict[str, Any] | None:
    """Return my communities by figures: which needs help; every cell opens its list."""
    figures = shell.place_figures.open_to(current_scope())
    places = list(Place.objects.filter(kind="community", ended_on__isnull=True).order_by("path"))
    if not figures or len(places) < 2:
        return None
    counted = [figure.count(places) for figure in figures]
    rows = [
        HeatRow(
            place.name,
            [
                HeatCell(n[place.pk], figure.href(place))
                for figure, n in zip(figures, counted, strict=True)
            ],
            registry.record_address("places.place", place.pk),
        )
        for place in places
    ]
    return {
        "matrix": HeatMatrix(
            _("各社区"),
            "",
            [HeatColumn(figure.label) for figure in figures],
            rows,
            _("社区"),
            by_column=True,
            sums="columns",
        )
    }


def first_steps(request: HttpRequest) -> dict[str, Any] | None:
    """Say what to do first while nobody stands in the register of my place."""
    scope = scope_or_none()
    reads = scope is not None and bool(scope.paths or scope.everything)
    if not reads or not registry.pages("register") or first_week.is_shown_to(request):
        return None
    if Person.objects.exists():
        return None
    return {"href": reverse("web:everything")}


def _declared(count: int, label: str, unit: str) -> dict[str, Any]:
    """Say how many there are; to who may not list them a small number is not said."""
    shown = _figure(count, label, unit)
    return shown if may_list("person") else shown | {"value": declared_parts([count]).whole}


def _figure(
    count: int, label: str, unit: str, *, tone: str = "", sentence: str = ""
) -> dict[str, Any]:
    return {
        "value": f"{count:,}",
        "label": label,
        "unit": unit,
        "tone": tone if count else "",
        "href": _asked(sentence),
    }


def _asked(sentence: str) -> str:
    """Return the address that answers a sentence, if anything does."""
    ask = registry.ask_box()
    if ask is None or not sentence:
        return ""
    try:
        return f"{reverse(ask.url_name)}?{urlencode({ask.parameter: sentence})}"
    except NoReverseMatch:
        return ""
