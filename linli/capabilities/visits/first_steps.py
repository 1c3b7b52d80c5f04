"""The first week's step about visits: is it done?"""

from __future__ import annotations

from linli.capabilities.visits.models import CarePlan, Visit
from linli.core.scope import Scope


def has_visits(_scope: Scope) -> bool:
    """Is somebody to be visited, or was anybody?"""
    return CarePlan.objects.exists() or Visit.objects.exists()
