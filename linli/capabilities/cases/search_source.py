"""Cases in the one search: found by the same words as in their own list."""

from __future__ import annotations

from django.urls import reverse

from linli.capabilities.cases.models import Case
from linli.capabilities.cases.queries import search
from linli.core.interface.shell import SearchHit, SearchHits, first_hits


def find_cases(words: str, limit: int) -> SearchHits:
    """Return the cases that every word fits, dangers and what is due first."""

    def hit(case: Case) -> SearchHit:
        parts = (case.number, case.get_state_display(), str(case.place))
        href = reverse("cases:case", args=[case.pk])
        is_sure = words == case.number or (words.isdecimal() and len(words) == search.TRACKING)
        return SearchHit(case.title, href, " · ".join(parts), "messages", is_sure=is_sure)

    return first_hits(search.find_cases(words).select_related("place"), limit, hit)
