"""Whom somebody in danger calls at once: this installation is no emergency number."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.capabilities.cases import rules
from linli.core.paths import path_after
from linli.core.scope import system_scope
from linli.register.facilities.models import Facility
from linli.register.parties.queries import number
from linli.register.places.models import Place

FIRE, AMBULANCE, POLICE = "119", "120", "110"
MOST_COMPANIES = 2
LIFT = "电梯"


@dataclass(frozen=True)
class Call:
    """One number to call, and what it is."""

    label: str
    dialled: str


@dataclass(frozen=True)
class Rescue:
    """What to do at once in a danger, before and after it was reported."""

    danger: str
    advice: str
    calls: list[Call] = field(default_factory=list)


def rescue_for(text: str, place: Place | None) -> Rescue | None:
    """Return whom to call for what a text tells, None where it tells of no danger."""
    return rescue_of(rules.danger_of(category="", text=text), place)


def rescue_of(danger: str, place: Place | None) -> Rescue | None:
    """Return whom to call in a danger; of a lift first the company whose number hangs in it."""
    fire, police = Call(_("消防"), FIRE), Call(_("报警"), POLICE)
    ambulance = Call(_("急救"), AMBULANCE)
    known = {
        "trapped": (
            _("不要扒门，按轿厢里的报警按钮，等人来救"),
            [*_lift_companies(place), fire, police],
        ),
        "gas": (_("开窗，关阀门，不开关电器，不点火，到屋外再打电话"), [fire, police]),
        "fire": (_("先离开，不坐电梯，到安全的地方打电话"), [fire, ambulance]),
        "life": (_("先叫救护车或报警"), [ambulance, police]),
    }
    if danger not in known:
        return None
    advice, calls = known[danger]
    return Rescue(danger, advice, calls)


def _lift_companies(place: Place | None) -> list[Call]:
    """Return who keeps the lifts of a place: their numbers hang in every cabin."""
    if place is None:
        return []
    with system_scope("whom somebody in a lift calls stands in the lift"):
        here = Q(scope_path__gte=place.path, scope_path__lt=path_after(place.path))
        here |= Q(scope_path__in=place.above)
        rows = Facility.objects.filter(
            here, kind__contains=LIFT, ended_on__isnull=True, maintainer__isnull=False
        )
        companies = {
            one.maintainer_id: one.maintainer
            for one in rows.select_related("maintainer").order_by("scope_path", "pk")
        }
    found = [
        Call(_("%(name)s（电梯救援）") % {"name": company.name}, number(company.phone).dialled)
        for company in companies.values()
        if company is not None
    ]
    return [one for one in found if one.dialled][:MOST_COMPANIES]
