"""What day it is in China, wherever the server stands."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Return this moment in China."""
    return datetime.now(CHINA)


def today() -> date:
    """Return today's date in China."""
    return now().date()


def to_china(moment: datetime) -> date:
    """Return the date of a moment in China; a moment without a zone is taken as it stands."""
    return (moment.astimezone(CHINA) if moment.tzinfo else moment).date()
