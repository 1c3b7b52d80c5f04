"""Web processes that count as fast as they can: see test_limits.py.

``python -m tests.core.rush count 3`` forks three, lets them begin together, and prints how often
they got through; ``… careless 3`` looks first and writes afterwards: the negative control.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from typing import Any

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


def run(how: str, together: Any, through: Any) -> None:
    """Try again and again, beginning when all are ready."""
    from linli.core.network.rate_limit import Bound, count, seconds_to_wait

    bounds = [Bound(how, "x", MOST, 600)]
    seconds_to_wait(bounds)  # connected, and nothing left to load
    together.wait(60)
    ask = careless if how == "careless" else (lambda given: not count(given))
    through.put(sum(bool(ask(bounds)) for _ in range(TRIES)))


def main(how: str, processes: int) -> None:
    """Set Django up once, let it fork as a web server does, and add up."""
    import django

    django.setup()
    from django.db import connections

    connections.close_all()
    fork = multiprocessing.get_context("fork")
    together, through = fork.Barrier(processes), fork.SimpleQueue()
    children = [fork.Process(target=run, args=(how, together, through)) for _ in range(processes)]
    for child in children:
        child.start()
    for child in children:
        child.join(60)
    assert [child.exitcode for child in children] == [0] * processes
    print(sum(through.get() for _ in children))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
