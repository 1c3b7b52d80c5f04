"""How often somebody without an account may do something from one address."""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


def is_too_much(what: str, who: str, most: int, *, seconds: int, add: int = 1) -> bool:
    """Count ``who`` doing ``what`` and say whether it is more than ``most`` in so many seconds.

    ``add=0`` only looks: are all tries used up?
    """
    key = f"limit:{what}:{who}".replace(" ", "-")
    cache.add(key, 0, seconds)
    try:
        number = cache.incr(key, add)
    except ValueError:  # it ended between the two calls
        return False
    return number > most if add else number >= most


def address_of(request: HttpRequest) -> str:
    """Return the address a request came from: for limits, never for rights.

    Behind HTTPS there is a proxy of our own (LINLI_HTTPS): it adds the caller at the end of
    X-Forwarded-For. What stands before that the caller may have written.
    """
    if settings.BEHIND_HTTPS:
        told = request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1].strip()
        if told:
            return told[:45]
    return str(request.META.get("REMOTE_ADDR", ""))
