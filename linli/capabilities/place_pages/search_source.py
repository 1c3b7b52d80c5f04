"""Places and doors in the one search: names, addresses as people write them, pinyin."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from linli.core.chinese.normalise import for_matching, without_spaces
from linli.core.interface.registry import record_address
from linli.core.interface.shell import SearchHit, SearchHits
from linli.register.places.models import Place
from linli.register.places.queries import places_found
from linli.register.places.signs import address_key


def find_places(words: str, limit: int) -> SearchHits | None:
    """Return the places that words may mean, as the search of places does."""
    found = places_found(words)
    if not found.places:
        return None
    key, name = address_key(words), without_spaces(for_matching(words))
    named = [one for one in found.places if key == one.address_key or name == one.name.casefold()]
    alone = named or found.places
    sure = alone[0].pk if len(alone) == 1 and not (found.more and not named) else None
    order = sorted(found.places, key=lambda one: one.pk != sure)
    href = f"{reverse('place_pages:places')}?{urlencode({'q': words})}"
    hits = [_hit(one, is_sure=one.pk == sure) for one in order[:limit]]
    return SearchHits(hits, len(found.places) + found.more, href)


def _hit(place: Place, *, is_sure: bool) -> SearchHit:
    icon = "home" if place.kind == "dwelling" else "map-pin"
    href = record_address("places.place", place.pk)
    return SearchHit(str(place), href, place.get_kind_display(), icon, is_sure=is_sure)
