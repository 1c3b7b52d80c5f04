"""Cases in the one search: whatever the row or the page of a case shows, and its numbers."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse

from linli.capabilities.cases.models import Case, Report
from linli.capabilities.cases.queries import cases
from linli.core.interface.shell import SearchHit, SearchHits, first_hits
from linli.core.time import CHINA
from linli.register.places.models import Place

MOST_WORDS = 6
# Fifteen digits: a longer number does not fit the databases' integers.
_NUMBER = re.compile(r"(?:(?P<day>\d{6})-(?P<after>\d{0,15})|(?P<alone>\d{1,15}))")
_TRACKING, _BEGINNING, _TAIL = 10, 6, 4  # digits


def find_cases(words: str, limit: int) -> SearchHits:
    """Return the cases that every word fits, the open and the latest first."""

    def hit(case: Case) -> SearchHit:
        parts = (case.number, case.get_state_display(), str(case.place))
        href = reverse("cases:case", args=[case.pk])
        is_sure = words == case.number or (words.isdecimal() and len(words) == _TRACKING)
        return SearchHit(case.title, href, " · ".join(parts), "messages", is_sure=is_sure)

    return first_hits(cases_found(words), limit, hit)


def cases_found(asked: str) -> QuerySet[Case]:
    """Return the cases of this post that every word fits."""
    rows = cases().select_related("place")
    for word in asked.split()[:MOST_WORDS]:
        rows = rows.filter(_fits(word))
    return rows.order_by("-received_at", "-pk")


def _fits(word: str) -> Q:
    fits = Q(title__contains=word) | Q(text__contains=word) | Q(spot__contains=word)
    fits |= Q(category__name__contains=word) | _numbered(word)
    fits |= Q(place_id__in=Place.objects.filter(search_text__finds=word).values("pk"))
    reported = Q(name__contains=word)
    if word.isdecimal():
        reported |= Q(outside_number__startswith=word)
        if len(word) >= _BEGINNING:
            reported |= Q(tracking__startswith=word)
        if len(word) == _TAIL:
            reported |= Q(phone_tail=word)
    # Of a report only its case is read: which of them may be seen says cases().
    return fits | Q(pk__in=Report.objects.filter(reported).values("case_id"))


def _numbered(word: str) -> Q:
    """Read a case's number or its beginning: 261130-12, 261130-, 261130, 2611, or only its end."""
    number = _NUMBER.fullmatch(word)
    if number is None:
        return Q(pk__in=[])
    if number["alone"]:
        return Q(pk=int(number["alone"])) | _received(number["alone"])
    within = _received(number["day"])
    that_day = Case.objects.annotate(spoken=Cast("pk", CharField())).filter(within)
    return Q(pk__in=that_day.filter(spoken__startswith=number["after"]).values("pk"))


def _received(digits: str) -> Q:
    """Return the condition for a day (261130) or a month (2611) in China; nothing for others."""
    year, month, day = 2000 + int(digits[:2]), int(digits[2:4] or 0), int(digits[4:] or 1)
    is_month = len(digits) == len("2611")
    try:
        begin = datetime(year, month, day, tzinfo=CHINA)
    except ValueError:
        return Q(pk__in=[])
    if not is_month and len(digits) != len("261130"):
        return Q(pk__in=[])
    after = (begin + timedelta(days=31)).replace(day=1) if is_month else begin + timedelta(days=1)
    return Q(received_at__gte=begin, received_at__lt=after)
