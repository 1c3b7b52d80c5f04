"""The demonstration's cases: every state is there, no date contradicts another, nobody real."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

import pytest

from linli.capabilities.cases.models import Answer, Case, Handling, Report
from linli.capabilities.cases.terms import CaseOutcome, CaseState
from linli.core.actions import writes_allowed
from linli.core.scope import system_scope
from linli.core.time import CHINA, now
from linli.demo.cases import add_matters
from linli.demo.clock import at
from linli.demo.invented_cases import matters
from linli.demo.load import build_demo
from linli.register.places.models import Place
from linli.workbench.journal.hash_chain import verify
from linli.workbench.tasks.models import Task
from tests.open_tasks import rows_without_a_task

TODAY = date(2026, 11, 23)


@pytest.mark.nightly
@pytest.mark.django_db
def test_matters_of_eight_weeks_stand_in_every_state_with_dates_that_agree() -> None:
    build_demo(people=400, today=TODAY, report=lambda _words: None, seed=5)
    with system_scope("test"):
        cases = list(Case.objects.all())
        assert len(cases) == len(matters()) == 60
        assert {case.state for case in cases} == set(CaseState.values)
        assert {case.outcome for case in cases} >= set(CaseOutcome.values)
        assert sum(case.confidential for case in cases) == 1
        assert max(case.reopened_times for case in cases) == 1
        assert max(case.refused_times for case in cases) == 1
        assert min(case.received_at for case in cases) < now() - timedelta(days=45)
        for case in cases:
            steps = [case.received_at, case.handled_at, case.answered_at, case.closed_at]
            there = [moment for moment in steps if moment]
            assert there == sorted(there), case
            assert there[-1] <= now()
        shared = Handling.objects.filter(party__isnull=False)
        assert shared.count() == 3
        assert Answer.objects.count() >= 20
        assert Task.objects.filter(state="open").exists()
        assert list(rows_without_a_task()) == []
        # Negative control: a task that is gone is missed.
        waits = Task.objects.filter(kind="cases.dispatch", state="open").order_by("pk").first()
        with writes_allowed("take a task away"):
            Task.objects.filter(pk=waits.pk).update(state="cancelled")
            assert list(rows_without_a_task()) == [
                f"cases.case {waits.subject_id} received: no cases.dispatch"
            ]
            Task.objects.filter(pk=waits.pk).update(state="open")
        phones = [report.phone for report in Report.objects.all() if report.phone]
        assert phones
        assert all(phone.startswith("143") for phone in phones)
        assert list(verify()) == []

        # The same seed brings the same cases, whatever day it is.
        spring = datetime(2027, 4, 1, 11, 0, tzinfo=CHINA)
        first = sorted(Case.objects.values_list("text", "place__name"))
        add_matters(town=Place.objects.get(kind="subdistrict"), random=Random(5), moment=spring)
        every = list(Case.objects.order_by("pk").values_list("text", "place__name"))
        assert sorted(every[len(first) :]) == first


def test_the_clock_is_set_for_a_while_only() -> None:
    from django.utils import timezone

    from linli.core.time import today

    with at(datetime(2026, 10, 4, 23, 30, tzinfo=CHINA)):
        assert today() == date(2026, 10, 4)
        assert timezone.now().isoformat() == "2026-10-04T15:30:00+00:00"
    assert today() > date(2026, 10, 4)
