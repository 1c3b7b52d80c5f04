"""The code on a building's notice: it names the place, and no other can be made from it."""

from __future__ import annotations

from django.core.signing import BadSignature, Signer

from linli.core.scope import system_scope
from linli.register.places.models import Place

_signer = Signer(salt="linli.cases.place", sep=".")


def code_of(place: Place) -> str:
    """Return the code of a place."""
    return _signer.sign(str(place.pk))


def place_of_code(code: str) -> Place | None:
    """Return the place of a code, or None when nobody of us made it."""
    try:
        pk = int(_signer.unsign(code[:80]))
    except (BadSignature, ValueError):
        return None
    with system_scope("the code on a building says which building it is"):
        place: Place | None = Place.objects.filter(pk=pk, ended_on__isnull=True).first()
        return place
