"""Plans of visits in the one search, by name."""

from __future__ import annotations

from django.urls import reverse

from linli.capabilities.visits.models import CarePlan
from linli.capabilities.visits.queries import plans_here
from linli.core.interface.shell import SearchHit, SearchHits, first_hits


def find_plans(words: str, limit: int) -> SearchHits:
    """Return the plans this post may know of whose name has the words."""

    def hit(plan: CarePlan) -> SearchHit:
        href = reverse("visits:plan", args=[plan.pk])
        return SearchHit(plan.name, href, str(plan.place), "heart-handshake", words == plan.name)

    return first_hits(plans_here(called=words).order_by("name", "pk"), limit, hit)
