"""What tasks show on pages of others: the figures on 今日, the open tasks of a record."""

from __future__ import annotations

from typing import Any

from linli.core.scope import scope_or_none
from linli.register.posts.models import User
from linli.workbench.tasks.queries import inbox, unknown_year_ahead
from linli.workbench.tasks.rules import MAY_SET_WORKING_DAYS, MAY_WORK

DOORS_ON_HOME = 3


def home(request: Any) -> dict[str, Any] | None:
    """Return the figures and the first doors of the inbox; nothing for who has no tasks at all."""
    scope = scope_or_none()
    if scope is None or scope.role not in MAY_WORK or not isinstance(request.user, User):
        return None
    mine = inbox(request.user)
    return {
        "inbox": mine,
        "doors": mine.doors[:DOORS_ON_HOME],
        "unknown_year": unknown_year_ahead() if scope.role in MAY_SET_WORKING_DAYS else None,
    }
