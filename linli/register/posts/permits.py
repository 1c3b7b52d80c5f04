"""Who may: the ``may=`` of actions, made from the tables of roles in ``rules.py``."""

from __future__ import annotations

from linli.core.scope import Scope, current_scope, scope_or_none

SYSTEM = "system"


class RoleIn:
    """May the active post do it? ``roles`` can be read, for the table of permissions."""

    def __init__(self, roles: frozenset[str]) -> None:
        self.roles = roles

    def __call__(self) -> bool:
        """Ask the role of the active scope; the installation itself may."""
        return current_scope().role in self.roles | {SYSTEM}

    def holds(self, scope: Scope | None = None) -> bool:
        """Ask without raising when nobody is signed in: for menus and buttons."""
        scope = scope or scope_or_none()
        return scope is not None and scope.role in self.roles


def role_in(roles: frozenset[str]) -> RoleIn:
    """Return the question whether the active post has one of ``roles``."""
    return RoleIn(roles)
