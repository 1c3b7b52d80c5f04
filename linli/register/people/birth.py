"""What is known of a birth: a whole day, or no more than its month."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from linli.core.time import PartialDate, with_precision
from linli.register.people.models import Person


def fact_of(row: Person | Mapping[str, Any], name: str) -> Any:
    """Return a fact of a person or of prepared facts; of a birth, as much as was said."""
    told = row.get if isinstance(row, Mapping) else partial(getattr, row)
    value = told(name, None)
    return with_precision(value, told("birth_precision", "")) if name == "birth_date" else value


def says_less(offered: Any, known: Any) -> bool:
    """Is what is offered only the month of a day that is known?"""
    return isinstance(offered, PartialDate) and offered.holds(known)
