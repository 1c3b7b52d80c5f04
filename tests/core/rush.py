"""A web process that counts as fast as it can: see test_limits.py.

``python -m tests.core.rush count`` waits for a line, tries, and prints how often it got
through; ``… careless`` looks first and writes afterwards: the negative control.
"""

from __future__ import annotations

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
MOST, TRIES = 20, 25


def careless(bounds: list[object]) -> bool:
    """Count as somebody would who has not thought of the others."""
    from linli.core.models import Limit
    from linli.core.network import rate_limit

    key = bounds[0].key  # type: ignore[attr-defined]
    row = Limit.objects.filter(key=key).first()
    number = row.number if row else 0
    Limit.objects.update_or_create(
        key=key, defaults={"number": number + 1, "ends_at": rate_limit.now() + 600}
    )
    return number < MOST


def run(how: str) -> None:
    """Try again and again."""
    import django

    django.setup()
    from linli.core.network.rate_limit import Bound, count, seconds_to_wait

    bounds = [Bound(how, "x", MOST, 600)]
    seconds_to_wait(bounds)  # connected, and nothing left to load
    print("ready", flush=True)
    sys.stdin.readline()
    ask = careless if how == "careless" else (lambda given: not count(given))
    print(sum(bool(ask(bounds)) for _ in range(TRIES)), flush=True)


if __name__ == "__main__":
    run(sys.argv[1])
