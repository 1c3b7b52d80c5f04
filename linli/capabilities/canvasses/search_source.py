"""Canvasses in the one search, by title."""

from __future__ import annotations

from django.urls import reverse

from linli.commons.coverage.models import Coverage
from linli.commons.coverage.queries import coverages
from linli.core.interface.shell import SearchHit, SearchHits, first_hits


def find_canvasses(words: str, limit: int) -> SearchHits:
    """Return the canvasses that reach this place whose title has the words, the latest first."""

    def hit(one: Coverage) -> SearchHit:
        href = reverse("canvasses:canvass", args=[one.pk])
        return SearchHit(one.title, href, str(one.place), "door-enter", is_sure=words == one.title)

    return first_hits(coverages(called=words), limit, hit)
