"""Steps of the first week, told by the apps themselves; 今日 leads a new office through them.

Like the rest of the shell they are registered in ``ready()``, with what is called later by its
dotted path within the app.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linli.core.dotted_paths import function_at
from linli.core.interface.registry import Words
from linli.core.interface.shell import Entries

if TYPE_CHECKING:  # the models of scope.py are not ready when apps.py is read
    from linli.core.scope import Scope


@dataclass(frozen=True)
class FirstStep:
    """One thing to do in the first week, why, where, and how it is seen that it is done.

    Without ``is_done`` it is done once somebody has gone there. Without an address somebody else
    does it, and ``told`` says who and how.
    """

    key: str
    label: Words
    why: Words
    roles: frozenset[str]
    order: int
    url_name: str = ""
    href: Callable[[Scope], str] | None = None
    is_done: Callable[[Scope], bool] | None = None
    told: Words = ""

    def may(self, scope: Scope) -> bool:
        """Is it for the post that looks?"""
        return scope.role in self.roles

    @property
    def leads_somewhere(self) -> bool:
        """Is there a page on which whoever looks does it?"""
        return bool(self.url_name) or self.href is not None

    def address(self, scope: Scope) -> str:
        """Return where it is done, asked only when somebody goes there."""
        from django.urls import reverse

        return self.href(scope) if self.href is not None else reverse(self.url_name)


first_steps: Entries[FirstStep] = Entries("first step")


def register_first_step(
    key: str,
    *,
    label: Words,
    why: Words,
    roles: frozenset[str],
    order: int,
    url_name: str = "",
    href: str = "",
    is_done: str = "",
    told: Words = "",
) -> FirstStep:
    """Add a step for some roles; ``is_done(scope)`` asks the database whether there is one row."""
    step = FirstStep(
        key,
        label,
        why,
        roles,
        order,
        url_name,
        function_at(href) if href else None,
        function_at(is_done) if is_done else None,
        told,
    )
    return first_steps.add(step)
