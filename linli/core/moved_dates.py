"""A date of a record has moved: who watches such dates hears of it within the same action.

What lies below does not know who watches; a capability registers by its dotted path.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from linli.core.dotted_paths import function_at

if TYPE_CHECKING:
    from django.db import models

# Who moved it is a user of the register, which this floor does not know.
Listener = Callable[["models.Model", str, Any], None]
_listeners: list[Listener] = []


def on_moved_dates(listener: Listener | str) -> None:
    """Have ``listener(record, words, by)`` called; words say what was done, "" for a correction."""
    _listeners.append(function_at(listener))


def tell_moved_dates(record: models.Model, *, by: Any, words: str = "") -> None:
    """Tell whoever watches the dates of a record, inside the action that moved one."""
    for listener in _listeners:
        listener(record, words, by)
