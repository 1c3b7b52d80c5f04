"""What the directory shows on the pages of others: a resident's referrals, who serves a place."""

from __future__ import annotations

from typing import Any

from linli.capabilities.directory.queries import may_see_referrals, referrals_of
from linli.core.scope import scope_or_none
from linli.register.people.models import Person
from linli.register.places.models import Place


def of_person(_request: Any, record: Any) -> dict[str, Any] | None:
    """Return a resident's referrals and the way to a new one; nothing for who gives no care."""
    if scope_or_none() is None or not may_see_referrals() or not isinstance(record, Person):
        return None
    return {"referrals": referrals_of(record)[:5], "person": record}


def of_place(_request: Any, record: Any) -> dict[str, Any] | None:
    """Return the way to who serves a place."""
    return {"place": record} if isinstance(record, Place) else None
