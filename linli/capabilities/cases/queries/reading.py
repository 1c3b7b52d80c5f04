"""What the text of a matter suggests: category, place, post, and matters like it. Only advice."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from linli.capabilities.cases.models import Case, Category
from linli.capabilities.cases.queries.cases import cases
from linli.capabilities.cases.terms import OPEN_STATES
from linli.core.paths import path_after
from linli.core.scope import system_scope
from linli.register.places.models import Place
from linli.workbench.tasks.queries import Seat

MOST_LEARNT = 20_000
MOST_ALIKE = 5
ALIKE_FROM = 0.35
MOST_COMPARED = 400
LONGEST_COMPARED = 600
NEIGHBOURHOODS = ("community", "estate")


@dataclass(frozen=True)
class Suggested:
    """Advice for one text, each part with its confidence from 0 to 1; empty where unsure."""

    category: Category | None = None
    category_confidence: float = 0.0
    runner_up: Category | None = None
    place: Place | None = None
    place_confidence: float = 0.0
    seat: Seat | None = None
    alike: list[tuple[Case, float]] = field(default_factory=list)

    def as_data(self) -> dict[str, Any]:
        """Return what is kept with the matter, to see later how good the advice was."""
        return {
            "category": self.category.code if self.category else "",
            "confidence": round(self.category_confidence, 3),
            "place": self.place.pk if self.place else None,
        }


def corrections() -> list[tuple[str, str]]:
    """Return what dispatchers decided: texts with the code of the category they chose."""
    with system_scope("suggestions learn from every dispatcher, and tell nothing but a category"):
        rows = Case.objects.filter(
            category__isnull=False, category_by__isnull=False, confidential=False
        )
        return list(rows.order_by("-pk").values_list("text", "category__code")[:MOST_LEARNT])


def neighbourhood_of(place: Place) -> str:
    """Return the path within which matters are neighbours: the estate, else the community."""
    rows = Place.objects.filter(path__in=[*place.above, place.path], kind__in=NEIGHBOURHOODS)
    found: str | None = rows.order_by("-path").values_list("path", flat=True).first()
    return found or place.path


def _pieces(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters of a text."""
    plain = "".join(letter for letter in text[:LONGEST_COMPARED] if letter.isalnum())
    return frozenset(plain[n : n + 2] for n in range(len(plain) - 1))


def similar_open(text: str, place: Place, *, but: Case | None = None) -> list[tuple[Case, float]]:
    """Return the open matters nearby that say much the same, the most alike first (0 to 1)."""
    asked = _pieces(text)
    if not asked:
        return []
    area = neighbourhood_of(place)
    nearby = cases().filter(
        state__in=OPEN_STATES, confidential=False, scope_path__gte=area,
        scope_path__lt=path_after(area),
    )  # fmt: skip
    if but is not None:
        nearby = nearby.exclude(pk=but.pk)
    scored = []
    for case in nearby.select_related("place", "category").order_by("-received_at")[:MOST_COMPARED]:
        theirs = _pieces(case.text)
        alike = len(asked & theirs) / (min(len(asked), len(theirs)) or 1)
        if alike >= ALIKE_FROM:
            scored.append((case, alike))
    return sorted(scored, key=lambda pair: -pair[1])[:MOST_ALIKE]
