"""Telling reporters what was answered: each by the way they asked for, nobody twice."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from linli.capabilities.cases import rules
from linli.capabilities.cases.models import Answer, Case, Report
from linli.capabilities.cases.terms import CaseState, WantsAnswer
from linli.register.posts.models import User
from linli.workbench.notices.actions import Recipient, send_notice
from linli.workbench.notices.recipients import channel_of
from linli.workbench.notices.terms import ChannelKind

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


def tell_progress(case: Case, before: str, by: User | None) -> None:
    """Tell who asked for messages of a step: once for each step of a round, and no calls.

    A message about a confidential case may be read by the one it is about: none is sent.
    """
    told = rules.step_told(before=before, then=case.state)
    if not told or case.confidential:
        return
    reports = case.reports.filter(withdrawn_at__isnull=True, wants_answer=WantsAnswer.SMS).exclude(
        phone_tail=""
    )
    recipients = [to for to in map(_recipient, reports) if channel_of(to) == ChannelKind.SMS]
    if recipients:
        names = {"number": case.number, "step": _words_of(told)}
        send_notice(
            key=f"case-step:{case.pk}:{case.reopened_times}:{told}",
            about=case,
            recipients=recipients,
            by=by,
            text=_("您反映的事（%(number)s）：%(step)s") % names,
            subject=_("您反映的事有进展"),
        )


def _words_of(told: str) -> str:
    return {
        "received": _("已收到，正在安排人办"),
        "assigned": _("已交给负责的岗位"),
        "in_hand": _("负责的岗位已接办"),
        "handled": _("已经办了，社区正在写答复"),
        "reopened": _("知道还没解决，已经重开，重新安排人办"),
    }[told]


def last_answer(case: Case) -> Answer | None:
    """Return what the reporters were told last."""
    answer: Answer | None = case.answers.order_by("at").last()
    return answer


def _recipient(report: Report) -> Recipient:
    return Recipient(
        str(report),
        phone=report.phone,
        person=report.person,
        report_key=report.tracking,
        preferred=WAYS[WantsAnswer(report.wants_answer)],
    )


def _tell(case: Case, answer: Answer, reports: Iterable[Report], key: str, by: User | None) -> None:
    recipients = [
        _recipient(report) for report in reports if report.phone and report.wants_answer in WAYS
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
