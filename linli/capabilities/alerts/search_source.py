"""Rules of 到期提醒 in the one search, by name."""

from __future__ import annotations

from django.urls import reverse

from linli.capabilities.alerts.models import AlertRule
from linli.capabilities.alerts.queries import rules_here
from linli.core.interface.shell import SearchHit, SearchHits, first_hits


def find_rules(words: str, limit: int) -> SearchHits:
    """Return the rules this post may know of whose name has the words."""

    def hit(one: AlertRule) -> SearchHit:
        href = reverse("alerts:rule", args=[one.pk])
        return SearchHit(one.name, href, str(one.place), "bell", is_sure=words == one.name)

    return first_hits(rules_here(called=words), limit, hit)
