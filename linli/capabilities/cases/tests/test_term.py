"""Five years after a case was closed nobody knows any more who reported it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from linli.capabilities.cases.actions import forget_old_reporters, forget_reporters
from linli.capabilities.cases.models import Case, Report
from linli.core.errors import Refused
from linli.core.scope import system_scope
from tests.people import Subdistrict, a_subdistrict, by_the_system, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def a_closed_case(town: Subdistrict, *, days_ago: int) -> Report:
    moment = timezone.now() - timedelta(days=days_ago)
    home = town.home("1", "101")
    with by_the_system():
        here = {"scope_path": home.path}
        case = Case.objects.create(
            title="漏水",
            text="漏水",
            place=home,
            channel="phone",
            state="closed",
            outcome="fixed",
            received_at=moment,
            closed_at=moment,
            **here,
        )
        return Report.objects.create(
            case=case,
            name="王师傅",
            phone="13800000000",
            phone_tail="0000",
            text="漏水",
            channel="phone",
            received_at=moment,
            tracking=f"{case.pk:010d}",
            secret_hash="0" * 64,
            **here,
        )


def test_the_reporter_goes_and_the_matter_stays() -> None:
    town = a_subdistrict(floors=1)
    old, fresh = (a_closed_case(town, days_ago=days) for days in (5 * 366 + 2, 5 * 365 - 2))
    with system_scope("test"):
        assert (old.name, old.phone) == ("王师傅", "13800000000"), "until the job has run"
        assert forget_old_reporters() == 1
        assert forget_old_reporters() == 0, "nothing is left to do"
        old.refresh_from_db()
        fresh.refresh_from_db()
        assert (old.name, old.phone, old.phone_tail, old.text) == ("", "", "", "漏水")
        assert (fresh.name, fresh.phone) == ("王师傅", "13800000000")
    with working_as("subdistrict_officer", town.town.path), pytest.raises(Refused):
        forget_reporters(case=fresh.case, by=None)
