"""玩具：数一数。"""

from __future__ import annotations

from typing import Any


def run(given: Any) -> int:
    """Count the toys in the scope of --as."""
    from linli.capabilities.toys.queries import toys

    given.someone()
    given.answer(toys=toys().count())
    return 0
