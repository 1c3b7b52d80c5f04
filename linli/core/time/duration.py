"""How long ago something was, in the words people use for what is pressing."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

HOUR, DAY = 60, 24 * 60  # minutes


def minutes_since(moment: datetime, now: datetime) -> int:
    """Return the whole minutes from a moment to now, never less than none."""
    return max(0, int((now - moment).total_seconds() // 60))


def elapsed_words(minutes: int) -> str:
    """Say how long something has been going on: minutes, then hours, then days."""
    if minutes < HOUR:
        return _("已过%(n)s分钟") % {"n": minutes}
    if minutes < DAY:
        return _("已过%(h)s小时%(m)s分") % {"h": minutes // HOUR, "m": minutes % HOUR}
    return _("已过%(d)s天%(h)s小时") % {"d": minutes // DAY, "h": minutes % DAY // HOUR}
