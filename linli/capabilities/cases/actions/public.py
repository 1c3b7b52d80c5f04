"""What residents do without an account: the installation carries it out for them, and no more."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from linli.capabilities.cases.actions.closing import give_verdict, withdraw_report
from linli.capabilities.cases.actions.register import (
    RegisteredReport,
    Reporter,
    add_report,
    take_case,
)
from linli.capabilities.cases.models import Case, Report
from linli.capabilities.cases.terms import OPEN_STATES, CaseChannel
from linli.core.scope import system_scope
from linli.register.places.models import Place
from linli.workbench.journal.actions import keep_photo
from linli.workbench.journal.photos import Picture


def report(
    *,
    text: str,
    place: Place,
    spot: str,
    reporter: Reporter,
    client_id: str,
    join: int | None = None,
    photos: Sequence[Picture] = (),
) -> RegisteredReport:
    """Take a resident's case in, or add them to an open one of the same neighbourhood.

    Words and photos are kept together: a refused photo leaves nothing half taken.
    """
    with system_scope("a resident reports something without an account"), transaction.atomic():
        into = _joinable(join, place) if join else None
        # The same submission again gets the same answer, without its photos a second time.
        before = Report.objects.filter(client_id=client_id).exists() if client_id else False
        if into is not None:
            taken = add_report(
                case=into,
                text=text,
                channel=CaseChannel.PAGE,
                reporter=reporter,
                client_id=client_id,
                by=None,
            )
        else:
            taken = take_case(
                text=text,
                place=place,
                spot=spot,
                channel=CaseChannel.PAGE,
                reporter=reporter,
                client_id=client_id,
                by=None,
            )
        # Everybody brings photos of their own, however many the case has already.
        for number, picture in enumerate(() if before else photos):
            keep_photo(about=taken.case, picture=picture, by=None, beside=number)
        return taken


def _joinable(pk: int, place: Place) -> Case | None:
    """Return an open case that a resident may join: of the same community, not confidential."""
    from linli.register.places.queries import community_path

    case: Case | None = (
        Case.objects.select_related("place", "category")
        .filter(pk=pk, confidential=False, state__in=OPEN_STATES)
        .first()
    )
    # The key comes from the visitor: it must not attach words to a case somewhere else.
    same = case is not None and community_path(case.place.path) == community_path(place.path)
    return case if same else None


def say_verdict(*, report: Report, fixed: bool, text: str) -> Case:
    """Let the reporter say whether it helped."""
    with system_scope("a reporter says whether it helped"):
        return give_verdict(report=report, fixed=fixed, text=text, by=None)


def take_back(*, report: Report, reason: str) -> Report:
    """Let the reporter take their report back."""
    with system_scope("a reporter takes their report back"):
        return withdraw_report(report=report, reason=reason, by=None)
