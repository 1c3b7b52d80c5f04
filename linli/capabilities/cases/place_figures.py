"""Cases by community, for the matrix of an office: open, late, to be answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.db.models import QuerySet
from django.urls import reverse

from linli.capabilities.cases.models import Case
from linli.capabilities.cases.queries.case_status import is_late
from linli.capabilities.cases.queries.cases import cases
from linli.capabilities.cases.terms import OPEN_STATES, CaseState
from linli.core.paths import counted_below
from linli.register.places.models import Place


def _counting(rows: Callable[[], QuerySet[Case]]) -> Callable[[Sequence[Place]], Mapping[int, int]]:
    def count(places: Sequence[Place]) -> Mapping[int, int]:
        return counted_below(places, rows().values_list("scope_path", flat=True))

    return count


count_open = _counting(lambda: cases().filter(state__in=OPEN_STATES))
count_late = _counting(lambda: cases().filter(is_late()))
count_to_answer = _counting(lambda: cases().filter(state=CaseState.HANDLED))


def _listed(view: str) -> Callable[[Place], str]:
    return lambda place: f"{reverse('cases:all')}?place={place.pk}&view={view}"


open_href, late_href, to_answer_href = _listed(""), _listed("late"), _listed("handled")
