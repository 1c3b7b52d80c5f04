"""Telling reporters what was answered: each by the way they asked for, nobody twice."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from linli.capabilities.cases.models import Answer, Case, Report
from linli.capabilities.cases.terms import CaseState, WantsAnswer
from linli.register.posts.models import User
from linli.workbench.notices.actions import Recipient, send_notice

LONGEST_TOLD = 300  # characters of an answer in a message; the page has all of it
WAYS = {WantsAnswer.PHONE: "phone", WantsAnswer.SMS: "message"}


def tell_reporters(case: Case, answer: Answer, by: User | None) -> None:
    """Tell everybody who left a number and wants to hear; who cannot read a message is called."""
    _tell(case, answer, case.reports.filter(withdrawn_at__isnull=True), f"{answer.pk}", by)


def tell_newcomers(case: Case, reports: Iterable[Report], by: User | None) -> None:
    """Tell who comes to a case that is answered already what the others were told."""
    answer = last_answer(case) if case.state == CaseState.ANSWERED else None
    if answer is None:
        return
    for report in reports:
        if report.withdrawn_at is None:
            # A key of their own: the answer's key has been used for those told first.
            _tell(case, answer, [report], f"{answer.pk}:{report.pk}", by)


def last_answer(case: Case) -> Answer | None:
    """Return what the reporters were told last."""
    answer: Answer | None = case.answers.order_by("at").last()
    return answer


def _tell(case: Case, answer: Answer, reports: Iterable[Report], key: str, by: User | None) -> None:
    recipients = [
        Recipient(
            str(report),
            phone=report.phone,
            person=report.person,
            report_key=report.tracking,
            preferred=WAYS[WantsAnswer(report.wants_answer)],
        )
        for report in reports
        if report.phone and report.wants_answer in WAYS
    ]
    if recipients:
        text = f"{answer.text[:LONGEST_TOLD]}（{answer.get_kind_display()}）"
        send_notice(
            key=f"case-answer:{key}",
            about=case,
            recipients=recipients,
            by=by,
            text=text,
            subject=_("您反映的事有答复了"),
            confidential=case.confidential,
        )
