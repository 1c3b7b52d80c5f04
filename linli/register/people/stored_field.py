"""How a stored fact of a person is declared, and what it is asked for."""

from __future__ import annotations

from typing import Any

from linli.core.fields import PERSON, Field, Kind, Sensitivity

OWNER = "people"
PERSONAL, CARE = Sensitivity.PERSONAL, Sensitivity.CARE
TO_REACH = ("联系居民", "上门走访")
TO_CARE = ("关爱服务", "政策找人")


def person_field(key: str, label: str, kind: Kind, *synonyms: str, **more: Any) -> Field:
    """Return a stored fact of a person whose column has the same name."""
    more.setdefault("column", key)
    more.setdefault("owner", OWNER)
    more.setdefault("subject", PERSON)
    return Field(key=key, label=label, kind=kind, synonyms=synonyms, **more)
