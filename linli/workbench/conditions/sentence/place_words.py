"""The places of the active scope as a sentence may name them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator

from django.db import connection
from django.db.models import Count, Max, QuerySet

from linli.core.scope import current_scope
from linli.register.places.models import Place
from linli.workbench.conditions.places import NAMED_BY_ADDRESS
from linli.workbench.conditions.sentence.lexicon import PlaceWords
from linli.workbench.conditions.sentence.pieces import PlaceRef

# The levels a sentence may name; dwellings are too many, and nobody asks for one by a sentence.
SPOKEN = ("subdistrict", "community", "estate", "grid", "micro_grid", "building", "entrance")
_words: OrderedDict[tuple[object, ...], PlaceWords] = OrderedDict()
KEPT = 8


def place_words() -> PlaceWords:
    """Return every place of the scope but dwellings by what people call it, kept until changed."""
    found = Place.objects.filter(ended_on__isnull=True, kind__in=SPOKEN).order_by()
    state = found.aggregate(n=Count("pk"), latest=Max("changed_at"))
    scope = current_scope()
    key = (connection.settings_dict["NAME"], scope.paths, scope.everything, *state.values())
    if key not in _words:
        _words[key] = PlaceWords(_spoken(found))
        while len(_words) > KEPT:
            _words.popitem(last=False)
    return _words[key]


def _spoken(found: QuerySet[Place]) -> Iterator[tuple[PlaceRef, str]]:
    rows = found.values_list("kind", "name", "address", "path").order_by("path")
    for kind, name, address, path in rows:
        yield PlaceRef(path, kind), name
        if kind in NAMED_BY_ADDRESS and address and address != name:
            yield PlaceRef(path, kind), address
