"""Referrals end with the resident, and look for somebody else when the organisation closes."""

from __future__ import annotations

from django.db.models import QuerySet

from linli.capabilities.directory.actions import FOLLOW_UP, refuse_referral, withdraw_referral
from linli.capabilities.directory.models import Referral
from linli.core.endings import Ending
from linli.workbench.tasks.models import Task


def withdraw_referrals(rows: QuerySet[Referral], ending: Ending) -> None:
    """Take them back: their links tell nothing any more."""
    for referral in rows.select_related("person", "place", "party"):
        withdraw_referral(referral=referral, reason=ending.reason, by=ending.by)


def look_for_another(rows: QuerySet[Referral], ending: Ending) -> None:
    """The organisation does not help any more: come back to the resident today."""
    for referral in rows.select_related("person", "place", "party"):
        refuse_referral(referral=referral, reason=ending.reason, by=ending.by)
        occasion = f"referral:{referral.pk}:refused"
        for task in Task.objects.filter(kind=FOLLOW_UP, occasion=occasion):
            ending.note_made(task)
