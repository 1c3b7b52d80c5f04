"""How long ago something was and when something is due, in the words people use."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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


def due_words(days_left: int | None) -> str:
    """Say when something is due, as people do."""
    if days_left is None:
        return ""
    if days_left < 0:
        return ngettext("逾期%(n)s天", "逾期%(n)s天", -days_left) % {"n": -days_left}
    near = {0: _("今天到期"), 1: _("明天到期")}
    return near.get(days_left) or (
        ngettext("还有%(n)s天", "还有%(n)s天", days_left) % {"n": days_left}
    )
