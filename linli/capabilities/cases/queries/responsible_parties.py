"""For whom open cases wait: a party, a community's posts, the subdistrict, nobody.

A seat is held by one person: a number beside it would be a number of theirs (decision 0019), so
seats are counted by community. A case that waits for two stands with both.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linli.capabilities.cases.models import Case, Handling
from linli.capabilities.cases.queries.case_status import BEFORE_ANSWER
from linli.capabilities.cases.terms import ACTIVE_HANDLINGS
from linli.core.paths import path_after
from linli.core.time import today
from linli.register.parties.models import Party
from linli.register.places.models import Place

STREET, NOBODY = "street", "nobody"


@dataclass(frozen=True)
class Waiting:
    """Whom cases wait for; ``key`` finds the same cases in the list."""

    key: str
    label: str
    cases: int
    late: int


def waiting(unfinished: QuerySet[Case]) -> list[Waiting]:
    """Say for whom cases wait, in the register's order, and how many of them are late."""
    shares = Handling.objects.filter(
        case__in=unfinished.values("pk"), state__in=ACTIVE_HANDLINGS
    ).values_list(
        "case_id",
        "case__state",
        "case__due_on",
        "party_id",
        "party__name",
        "task__seat_place__path",
    )
    communities = _communities()
    names = {f"place-{pk}": name for pk, name, _path in communities}
    parties: dict[str, str] = {}
    found: defaultdict[str, dict[int, bool]] = defaultdict(dict)
    for case, state, due, party, party_name, path in shares:
        if party:
            parties[f"party-{party}"] = party_name
            key = f"party-{party}"
        elif path:
            key = next(
                (f"place-{pk}" for pk, _name, at in communities if path.startswith(at)), STREET
            )
        else:
            key = NOBODY
        found[key][case] = _is_late(state, due)
    names[STREET] = _("街道")
    names |= dict(sorted(parties.items(), key=lambda one: one[1]))
    names[NOBODY] = _("无人负责")
    return [
        Waiting(key, name, len(found[key]), sum(found[key].values()))
        for key, name in names.items()
        if key in found
    ]


def _is_late(state: str, due: date | None) -> bool:
    return due is not None and due < today() and state in BEFORE_ANSWER


def _communities() -> list[tuple[int, str, str]]:
    rows = Place.objects.filter(kind="community").order_by("path")
    return list(rows.values_list("pk", "name", "path"))


def waiting_for(rows: QuerySet[Case], key: str) -> QuerySet[Case]:
    """Return the cases that a line of the board counts; none for a line there is not."""
    shares = Handling.objects.filter(state__in=ACTIVE_HANDLINGS)
    kind, _dash, pk = key.partition("-")
    if kind == "party" and pk.isdecimal():
        shares = shares.filter(party=int(pk[:15]))
    elif key == NOBODY:
        shares = shares.filter(party__isnull=True, task__seat_place__isnull=True)
    else:
        shares = shares.filter(party__isnull=True, task__seat_place__isnull=False)
        inside = Q()
        for place, _name, path in _communities():
            if key in (STREET, f"place-{place}"):
                inside |= Q(
                    task__seat_place__path__gte=path, task__seat_place__path__lt=path_after(path)
                )
        if key == STREET:
            shares = shares.exclude(inside) if inside else shares
        else:
            shares = shares.filter(inside) if inside else shares.none()
    return rows.filter(pk__in=shares.values("case"))


def whom(key: str) -> str:
    """Return the name of a line of the board, as far as this post may read it."""
    kind, _dash, pk = key.partition("-")
    if key in (STREET, NOBODY):
        return _("街道") if key == STREET else _("无人负责")
    named: QuerySet[Any] = (Party if kind == "party" else Place).objects.all()
    found = named.filter(pk=int(pk[:15])).first() if pk.isdecimal() else None
    return str(found.name) if found else _("没有在等的")
