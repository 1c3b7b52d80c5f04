"""What this database is: whose, of which keys, and whether ``linli demo`` has made it up."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.utils.timezone import now

from linli.core.batch_cache import cached_on_page
from linli.core.database import raw_sql
from linli.core.models import InstallationMark

DEMONSTRATION = "demonstration"
SET_UP = "set_up"  # `linli init` made a subdistrict; an installation from before has none
FIRST_MONTH = timedelta(days=31)
INSTALLATION = "installation"  # made once; it goes with the data, to whatever machine


def bears_the_mark() -> bool:
    """Was this database made up by ``linli demo``?"""
    return InstallationMark.objects.filter(name=DEMONSTRATION).exists()


def is_demonstration() -> bool:
    """Is everything open that only a demonstration opens? The setting alone opens nothing."""
    return bool(settings.DEMO) and cached_on_page("marks.demonstration", bears_the_mark)


def set_mark() -> None:
    """Mark a database that is empty still as the demonstration's."""
    InstallationMark.objects.get_or_create(name=DEMONSTRATION)


def forget() -> None:
    """Take every mark away, before other data comes in."""
    InstallationMark.objects.all().delete()


def begin_the_first_month() -> None:
    """Mark when an office was set up: whoever gets an account soon after is led through it."""
    InstallationMark.objects.get_or_create(name=SET_UP)


def is_first_month() -> bool:
    """Was this office set up a short while ago?"""
    return InstallationMark.objects.filter(name=SET_UP, at__gte=now() - FIRST_MONTH).exists()


def can_have_values() -> bool:
    """Are the tables so new that a mark has a value?"""
    return "value" in raw_sql.columns_of(InstallationMark._meta.db_table)


def values() -> dict[str, str]:
    """Return every mark that has a value, by name."""
    return dict(InstallationMark.objects.exclude(value="").values_list("name", "value"))


def keep(name: str, value: str) -> None:
    """Write a mark down, in place of what it said before."""
    InstallationMark.objects.update_or_create(name=name, defaults={"value": value})


def drop(name: str) -> None:
    """Take one mark away."""
    InstallationMark.objects.filter(name=name).delete()


def identity() -> str:
    """Return by what this installation is known; "" before its first migration."""
    return values().get(INSTALLATION, "") if can_have_values() else ""


def installed_at() -> datetime:
    """Return since when this database knows itself: of an old one, since its upgrade."""
    return InstallationMark.objects.get(name=INSTALLATION).at


def name_the_installation() -> None:
    """Give a database that has none an identity, by which its backups are known."""
    InstallationMark.objects.get_or_create(name=INSTALLATION, defaults={"value": uuid4().hex})
