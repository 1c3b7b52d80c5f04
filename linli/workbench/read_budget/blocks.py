"""What the auditor reads of reading: words of the log, and the unusual days on 今日."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.core.scope import scope_or_none
from linli.register.posts.models import User
from linli.register.posts.rules import MAY_READ_LOGS
from linli.workbench.read_budget import queries
from linli.workbench.read_budget.terms import UNUSUAL_DAY


def list_in_words(data: dict[str, Any]) -> str:
    """Say which list was read and how many are on it."""
    return _("%(asked)s；%(n)s人") % {"asked": data.get("asked", ""), "n": data.get("people", "")}


def day_in_words(data: dict[str, Any]) -> str:
    """Say what was unusual about a day."""
    sentence = _("一天看了%(n)s人") % {"n": data.get("people", "")}
    if data.get("usual"):
        sentence += _("，本人平常约%(usual)s人") % {"usual": round(data["usual"])}
    return sentence + (_("，到了上限") if data.get("at_limit") else "")


def home(request: Any) -> dict[str, Any] | None:
    """Show whoever watches over the log the unusual days of this week, each by itself."""
    scope = scope_or_none()
    if scope is None or scope.role not in MAY_READ_LOGS or not isinstance(request.user, User):
        return None
    entries = queries.unusual_days(request.user)
    if not entries:
        return None
    href = f"{reverse('journal:logs')}?{urlencode({'kind': UNUSUAL_DAY})}"
    days = [
        {
            "who": str(entry.by),
            "on": f"{timezone.localtime(entry.at):%m-%d}",
            "said": day_in_words(entry.data),
        }
        for entry in entries
    ]
    return {"days": days, "href": href}
