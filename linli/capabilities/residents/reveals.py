"""Which covered values are open in this session, and for how long yet."""

from __future__ import annotations

import time

from django.http import HttpRequest

from linli.register.posts.rules import REVEAL_SECONDS

IN_SESSION = "linli_reveals"


def open_for_a_minute(request: HttpRequest, pk: int, field: str) -> None:
    """Remember on the server that this value may be shown here for a minute."""
    # What is over is dropped here, or a long session would carry every value ever opened.
    open_until = {key: end for key, end in _kept(request).items() if end > time.time()}
    open_until[f"{pk}:{field}"] = time.time() + REVEAL_SECONDS
    request.session[IN_SESSION] = open_until


def seconds_left(request: HttpRequest, pk: int, field: str) -> int:
    """Return how many seconds a value may still be shown; none when it is covered."""
    end = _kept(request).get(f"{pk}:{field}", 0)
    # Never more than the minute, even when the clock was set back.
    return max(0, min(REVEAL_SECONDS, round(end - time.time())))


def _kept(request: HttpRequest) -> dict[str, float]:
    open_until: dict[str, float] = request.session.get(IN_SESSION, {})
    return open_until
