"""What 今日 says of webhooks."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from linli.core.scope import Scope, current_scope
from linli.workbench.webhooks.models import Webhook
from linli.workbench.webhooks.rules import MAY_MANAGE
from linli.workbench.webhooks.terms import StopReason

MOST_NAMED = 5


def sees_webhooks(scope: Scope) -> bool:
    """Does the holder of this scope manage webhooks?"""
    return scope.role in MAY_MANAGE


def stopped_block(request: HttpRequest) -> dict[str, Any] | None:
    """Tell the officer on 今日 that an address does not answer any more."""
    if not sees_webhooks(current_scope()):
        return None
    silent = (StopReason.GONE, StopReason.FAILING)
    rows = Webhook.objects.filter(is_active=False, stop_reason__in=silent)
    stopped = list(rows.order_by("-stopped_at")[:MOST_NAMED])
    return {"stopped": stopped} if stopped else None
