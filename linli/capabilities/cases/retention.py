"""What retention does with reports of residents, and with cases nobody else reported."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linli.capabilities.cases.models import Answer, Case, Handling, Report
from linli.capabilities.cases.terms import CaseState
from linli.core.retention import ErasureMode, TableDeclaration, declare, register_waits

GONE = "（已按期删除）"


def open_cases(people: Collection[int]) -> Mapping[int, str]:
    """A case somebody reported is not closed."""
    rows = Report.objects.filter(person__in=people).exclude(case__state=CaseState.CLOSED)
    return dict.fromkeys(rows.values_list("person", flat=True), _("还有没办结的办件"))


def cases_of(person: int) -> QuerySet[Case]:
    """Return the cases that this person alone reported: their words are that person's."""
    mine = Report.objects.filter(person=person).values("case")
    # What somebody else reported too is theirs as well and stays.
    others = Report.objects.filter(case__in=mine).exclude(person=person).values("case")
    rows: QuerySet[Case] = Case.objects.filter(pk__in=mine).exclude(pk__in=others)
    return rows


def empty_what_was_said(cases: QuerySet[Any]) -> None:
    """Empty results and answers of cases whose own words go."""
    Handling.objects.filter(case__in=cases).update(result="")
    Answer.objects.filter(case__in=cases).update(text="", passed_to="")


def declare_tables() -> None:
    """Tell the registry; cases come before the reports by which they are found."""
    declare(
        TableDeclaration(
            "cases.Case",
            (),
            ErasureMode.BLANK,
            "件数、期限和结果留作数字；只有本人反映的，内容、照片、待办的话清空",
            rows=cases_of,
            about_nobody_else=True,
            first=empty_what_was_said,
            order=40,
            blank={
                "title": GONE,
                "text": "",
                "spot": "",
                "latitude": None,
                "longitude": None,
                "suggested": {},
            },
        ),
        TableDeclaration(
            "cases.Report",
            ("person",),
            ErasureMode.BLANK,
            "来了一件留作数字，谁说的、说什么清空",
            blank={
                "person": None,
                "name": "",
                "phone": "",
                "phone_tail": "",
                "text": "",
                "outside_number": "",
                "on_behalf_of": "",
                "consent_note": "",
                "verdict_words": "",
                "client_id": None,
                "body_hash": "",
            },
        ),
    )
    register_waits("cases", open_cases)
