"""What else follows a step of a case, told inside the action that makes the step."""

from __future__ import annotations

from collections.abc import Callable

from linli.capabilities.cases.models import Case
from linli.core.dotted_paths import function_at

Listener = Callable[[Case, str], None]
_listeners: list[Listener] = []


def on_step(listener: Listener | str) -> None:
    """Have a listener hear of every step: the case and the state it was in ("" when it is new)."""
    _listeners.append(function_at(listener))


def tell_step(case: Case, before: str) -> None:
    """Tell the listeners that a case has come into the state it is in now."""
    for listener in _listeners:
        listener(case, before)
