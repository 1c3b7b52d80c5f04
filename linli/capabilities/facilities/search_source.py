"""Facilities in the one search: by name, code, kind, place."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from linli.core.interface.shell import SearchHit, SearchHits, first_hits
from linli.register.facilities.models import Facility
from linli.register.facilities.queries import facilities_found


def find_facilities(words: str, limit: int) -> SearchHits:
    """Return what is in use and fits, as the list of facilities does."""

    def hit(one: Facility) -> SearchHit:
        href = reverse("facilities:facility", args=[one.pk])
        note = " · ".join(part for part in (one.kind, one.code, str(one.place)) if part)
        is_sure = words.casefold() in (one.name.casefold(), one.code.casefold())
        return SearchHit(one.name, href, note, "elevator", is_sure=is_sure)

    href = f"{reverse('facilities:list')}?{urlencode({'q': words})}"
    return first_hits(facilities_found(words), limit, hit, href)
