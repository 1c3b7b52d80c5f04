"""Short ways to declare facts that come in families."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import override

from linli.core.fields.field import Choice

Words = Mapping[str, tuple[str, ...]]


def choices_of(named: Any, words: Words | None = None) -> tuple[Choice, ...]:
    """Return the choices of a ``TextChoices``, in the product's own words, not a translation."""
    more = words or {}
    with override(None):
        return tuple(
            Choice(str(member.value), str(member.label), tuple(more.get(str(member.value), ())))
            for member in named
        )
