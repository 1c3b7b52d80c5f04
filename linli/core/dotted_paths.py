"""What apps register by its dotted path: found when it is first used, not when Django starts.

``ready()`` runs at every start of every program; what it imports, everybody pays for. A path is
resolved at each use, so nothing of it is kept and a typo is found by the guard, not by a user.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, ParamSpec, TypeVar, cast

from django.utils.module_loading import import_string

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

PATHS: set[str] = set()  # every path that was registered, for the guard


class Dotted(Generic[T]):
    """Something of an app, given as itself or by its path ("linli.….blocks.journal")."""

    def __init__(self, given: T | str) -> None:
        self._given = given
        if isinstance(given, str):
            PATHS.add(given)

    @property
    def target(self) -> T:
        """Return it; a path is imported the first time."""
        given = self._given
        return cast(T, import_string(given)) if isinstance(given, str) else given


class DottedFunction(Dotted[Callable[P, R]]):
    """A function by its path, called like the function itself."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Find the function and call it."""
        return self.target(*args, **kwargs)


def function_at(given: Callable[P, R] | str) -> Callable[P, R]:
    """Return a function that was given as itself or by its path."""
    return DottedFunction[P, R](given) if isinstance(given, str) else given
