"""What this database is: only one that ``linli demo`` has built is a demonstration."""

from __future__ import annotations

from django.conf import settings

from linli.core.models import InstallationMark

DEMONSTRATION = "demonstration"


def bears_the_mark() -> bool:
    """Was this database made up by ``linli demo``?"""
    return InstallationMark.objects.filter(name=DEMONSTRATION).exists()


def is_demonstration() -> bool:
    """Is everything open that only a demonstration opens? The setting alone opens nothing."""
    return bool(settings.DEMO) and bears_the_mark()


def set_mark() -> None:
    """Mark a database that is empty still as the demonstration's."""
    InstallationMark.objects.get_or_create(name=DEMONSTRATION)


def forget() -> None:
    """Take the mark away, before other data comes in."""
    InstallationMark.objects.all().delete()
