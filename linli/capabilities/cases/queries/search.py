"""Finding matters by whatever their row or page shows: the one search of the list and of others."""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.db.models import Case as Choose
from django.db.models import CharField, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from linli.capabilities.cases.models import Case, Report
from linli.capabilities.cases.queries.case_status import is_late
from linli.capabilities.cases.queries.cases import cases
from linli.capabilities.cases.terms import IN_DANGER, CaseState
from linli.core.chinese.normalise import for_matching
from linli.core.paths import path_after
from linli.register.places.queries import places_found
from linli.workbench.tasks.terms import Danger

MOST_ASKED = 60  # characters
MOST_WORDS = 6
TAIL, TRACKING = 4, 10  # digits
_NUMBER = re.compile(r"(\d{6})-(\d{0,15})")
LATE_WORDS = ("逾期", "过期", "超期")


def find_cases(words: str, rows: QuerySet[Case] | None = None) -> QuerySet[Case]:
    """Return the cases this post may see that fit every word, dangers first.

    A word may be of the number or its beginning, of the number a resident was given, of the text,
    the place, the category, the state, or who reported it: their name, or the last four digits
    of their phone. All of these stand on the page of a case that is seen, and no other is found.
    """
    found = cases() if rows is None else rows
    for word in words[:MOST_ASKED].split()[:MOST_WORDS]:
        found = found.filter(_fits(word))
    return dangers_first(found)


def dangers_first(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Put what threatens somebody's life on top, then what is due."""
    pressing = When(~Q(danger="") & Q(state__in=IN_DANGER), then=Value(0))
    rank = Choose(pressing, default=Value(1), output_field=IntegerField())
    return rows.annotate(pressing=rank).order_by("pressing", F("due_on").asc(nulls_last=True), "pk")


def _fits(word: str) -> Q:
    fits = Q(title__icontains=word) | Q(text__icontains=word) | Q(spot__icontains=word)
    fits |= _reported(word) | _of_number(word)
    if not word.isdecimal():
        fits |= _somewhere(word) | _of_words(word)
    return fits


def _reported(word: str) -> Q:
    """By who reported it; a subquery, so that a case with two reports comes once."""
    reports = Q(outside_number=word)
    digits = word.replace("-", "")
    if digits.isdecimal() and digits.isascii():
        if len(digits) == TRACKING:
            reports |= Q(tracking=digits)
        if len(digits) == TAIL:
            reports |= Q(phone_tail=digits, withdrawn_at__isnull=True)
    else:
        reports |= Q(name__contains=word)
    return Q(pk__in=Report.objects.filter(reports).values("case_id"))


def _of_number(word: str) -> Q:
    """By the number workers speak of, 261130-15: whole, its beginning, or its end."""
    none = Q(pk__in=[])
    if not word.isascii():
        return none
    whole = _NUMBER.fullmatch(word)
    if whole:
        return _on(whole[1]) & (_begins(whole[2]) if whole[2] else Q())
    if not word.isdecimal() or len(word) > 15:
        return none
    fits = Q(pk=int(word))
    return fits | _on(word) if len(word) == 6 else fits


def _begins(digits: str) -> Q:
    same = Case.objects.annotate(key=Cast("pk", CharField())).filter(key__startswith=digits)
    return Q(pk__in=same.values("pk"))


def _on(yymmdd: str) -> Q:
    """Received on the day that a number begins with."""
    try:
        day = date(2000 + int(yymmdd[:2]), int(yymmdd[2:4]), int(yymmdd[4:]))
    except ValueError:
        return Q(pk__in=[])
    return Q(received_at__date__gte=day, received_at__date__lt=day + timedelta(days=1))


def _somewhere(word: str) -> Q:
    """At a place of this name or address, or anywhere inside it."""
    fits = Q(place__search_text__finds=for_matching(word))
    for place in places_found(word).places:
        fits |= Q(scope_path__gte=place.path, scope_path__lt=path_after(place.path))
    return fits


def _of_words(word: str) -> Q:
    """Of a category of this name or below it, in this state, of this danger, or late."""
    fits = Q(category__name__contains=word) | Q(category__parent__name__contains=word)
    fits |= Q(category__parent__parent__name__contains=word)
    fits |= Q(state__in=[value for value, label in CaseState.choices if word in str(label)])
    dangers = [value for value, label in Danger.choices if word in str(label)]
    fits |= Q(danger__in=dangers, state__in=IN_DANGER)
    if word in LATE_WORDS:
        fits |= is_late()
    return fits
