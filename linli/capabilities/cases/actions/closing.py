"""A case is answered, and the person who reported it says whether it helped."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.capabilities.cases import rules
from linli.capabilities.cases.actions.handling import may_handle
from linli.capabilities.cases.actions.notify_reporters import last_answer, tell_reporters
from linli.capabilities.cases.actions.permits import may_dispatch, may_take
from linli.capabilities.cases.actions.transitions import (
    readable,
    required_text,
    step,
    write_case_journal,
)
from linli.capabilities.cases.models import Answer, Case, Report
from linli.capabilities.cases.terms import (
    ACTIVE_HANDLINGS,
    AnswerKind,
    CaseOutcome,
    CaseState,
    Verdict,
)
from linli.core.actions import action
from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.core.time import to_china, today
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.workbench.tasks.actions import cancel_task

# The reporter's own word comes through the page without an account; the installation carries it.
may_speak = role_in(rules.TAKES_CASES)


def end_shares(case: Case, by: User | None, reason: str) -> None:
    """Cancel the tasks of every share that is still open; the case itself has moved on."""
    for share in case.handlings.filter(state__in=ACTIVE_HANDLINGS).select_related("task"):
        with system_scope("the shares of a case end with it, whoever holds them"):
            cancel_task(task=share.task, by=by, reason=reason)


def _needs_review(case: Case) -> bool:
    return bool(case.category and case.category.needs_review and case.reviewed_by_id is None)


@action("case.answer", term=gettext_noop("答复"), may=may_handle, journal="case.answered")
def answer_case(
    *, case: Case, by: User | None, text: str, kind: str = AnswerKind.HANDLED, passed_to: str = ""
) -> Answer:
    """Tell the reporters what was done, why it cannot be done, or to whom it was passed."""
    return give_answer(case, by=by, text=text, kind=kind, passed_to=passed_to)


def give_answer(
    case: Case, *, by: User | None, text: str, kind: str, passed_to: str = "", field: str = "text"
) -> Answer:
    """Write an answer within an action: the case waits for the reporters' word, and they hear."""
    ask = _("请写给居民看的答复")
    answer_text = required_text(text, most=rules.LONGEST_ANSWER, field=field, ask=ask)
    if kind == AnswerKind.HANDLED and case.state != CaseState.HANDLED:
        raise Refused("case.not_handled", _("办好了才能答复“办好了”"), "kind")
    if kind == AnswerKind.HANDLED and _needs_review(case):
        raise Refused("case.not_reviewed", _("这类事先复核、再答复"), "kind")
    if kind == AnswerKind.NOT_OURS and len(readable(passed_to)) < rules.SHORTEST_REASON:
        raise Refused("case.passed_to", _("请写明转交给了谁"), "passed_to")
    step(case, CaseState.ANSWERED, by=by, answered_at=timezone.now())
    end_shares(case, by, _("已答复"))
    answer = Answer(
        case=case,
        kind=kind,
        text=answer_text,
        by=by,
        at=timezone.now(),
        scope_path=case.scope_path,
        passed_to=readable(passed_to)[:60] if kind == AnswerKind.NOT_OURS else "",
    )
    answer.save()
    write_case_journal("case.answered", case, by, answer_text, kind=kind)
    tell_reporters(case, answer, by)
    return answer


@action("case.verdict", term=gettext_noop("居民表态"), may=may_speak, journal="case.verdict_given")
def give_verdict(*, report: Report, fixed: bool, by: User | None, text: str = "") -> Case:
    """Let the reporter say whether it helped: fixed closes the case, not fixed opens it again."""
    case: Case = report.case
    _check_may_speak(case, report)
    resident_words = readable(text)[: rules.LONGEST_ANSWER]
    closed_on = to_china(case.closed_at) if case.closed_at else None
    if not fixed and not rules.may_reopen(closed_on=closed_on, today=today()):
        raise Refused("case.too_late", _("这件事结了太久"), hint=_("请作为新的一件提交"))
    report.verdict = Verdict.FIXED if fixed else Verdict.NOT_FIXED
    report.verdict_words, report.verdict_at = resident_words, timezone.now()
    report.save(update_fields=["verdict", "verdict_words", "verdict_at"])
    if not fixed:
        _open_again(case, by, _("居民说没解决：%(words)s") % {"words": resident_words})
    elif case.state == CaseState.ANSWERED:
        _close(case, Verdict.FIXED, by)
    # A late word counts: the case stays closed, but it is fixed now.
    elif case.outcome == CaseOutcome.UNCONFIRMED:
        case.outcome = CaseOutcome.FIXED
        case.save(update_fields=["outcome"])
    write_case_journal("case.verdict_given", case, by, resident_words, fixed=fixed)
    return case


def _check_may_speak(case: Case, report: Report) -> None:
    if report.withdrawn_at is not None:
        raise Refused("case.taken_back", _("这份来件已经撤回"), hint=_("请作为新的一件提交"))
    if case.state not in (CaseState.ANSWERED, CaseState.CLOSED):
        raise Refused("case.not_answered", _("还没有答复，办好后会请您表态"))
    if case.outcome not in rules.CAN_BE_SPOKEN_OF:
        raise Refused(
            "case.ended_otherwise",
            _("这件事的结果是“%(outcome)s”，不再表态") % {"outcome": case.get_outcome_display()},
            hint=_("还要办，请社区重开，或作为新的一件提交"),
        )


def _open_again(case: Case, by: User | None, words: str) -> None:
    step(
        case,
        CaseState.RECEIVED,
        by=by,
        words=words,
        reopened_times=case.reopened_times + 1,
        outcome="",
        closed_at=None,
        # The next round starts its own clock and needs its own review.
        answered_at=None,
        handled_at=None,
        handled_by=None,
        reviewed_by=None,
    )


def _close(case: Case, verdict: str, by: User | None) -> None:
    answer = last_answer(case)
    ended = rules.outcome_of(answer=answer.kind if answer else "", verdict=verdict)
    step(case, CaseState.CLOSED, by=by, outcome=ended, closed_at=timezone.now())


@action("case.reopen", term=gettext_noop("重开"), may=may_dispatch, journal="case.reopened")
def reopen_case(*, case: Case, by: User | None, reason: str) -> Case:
    """Open a case again because it is not settled after all."""
    why = required_text(
        reason, most=rules.LONGEST_ANSWER, field="reason", ask=_("请写明重开的原因")
    )
    if case.outcome == CaseOutcome.MERGED:
        raise Refused("case.merged", _("已并入另一件，请先撤销合并"))
    if case.state not in (CaseState.ANSWERED, CaseState.CLOSED):
        raise Refused("case.not_ended", _("这件事还没有结"))
    _open_again(case, by, _("重开：%(why)s") % {"why": why})
    write_case_journal("case.reopened", case, by, why)
    return case


@action("case.withdraw", term=gettext_noop("撤回"), may=may_take, journal="case.withdrawn")
def withdraw_case(*, case: Case, by: User | None, reason: str) -> Case:
    """End a case because whoever brought it takes it back."""
    why = required_text(
        reason, most=rules.LONGEST_ANSWER, field="reason", ask=_("请写明撤回的原因")
    )
    ended: dict[str, Any] = {"outcome": CaseOutcome.WITHDRAWN, "closed_at": timezone.now()}
    step(case, CaseState.CLOSED, by=by, **ended)
    end_shares(case, by, why)
    write_case_journal("case.withdrawn", case, by, why)
    return case


@action(
    "case.withdraw_report",
    term=gettext_noop("来件撤回"),
    may=may_speak,
    journal="case.report_withdrawn",
)
def withdraw_report(*, report: Report, by: User | None, reason: str = "") -> Report:
    """Take one report back; the case ends with its last one."""
    case: Case = report.case
    if report.withdrawn_at is not None or case.state == CaseState.CLOSED:
        raise Refused("case.closed", _("这件事已经结了"))
    report.withdrawn_at = timezone.now()
    report.save(update_fields=["withdrawn_at"])
    if not case.reports.filter(withdrawn_at__isnull=True).exists():
        withdraw_case(case=case, by=by, reason=readable(reason) or _("居民自己撤回"))
    write_case_journal("case.report_withdrawn", case, by, readable(reason)[:200])
    return report


@action(
    "case.close_unconfirmed",
    term=gettext_noop("到期结案"),
    may=may_dispatch,
    journal="case.closed_unconfirmed",
)
def close_unconfirmed(*, case: Case, by: User | None) -> Case:
    """Close a case whose reporters have said nothing for days; it does not count as fixed."""
    _close(case, "", by)
    write_case_journal("case.closed_unconfirmed", case, by, outcome=case.outcome)
    return case


def close_unanswered() -> int:
    """Close every answered case that nobody has confirmed in time; return how many."""
    closed = 0
    with system_scope("answered cases are closed after some days, wherever they are"):
        waiting = Case.objects.filter(state=CaseState.ANSWERED, answered_at__isnull=False)
        for case in waiting.select_related("place").iterator(chunk_size=500):
            answered = to_china(case.answered_at) if case.answered_at else today()
            if rules.ends_unconfirmed(answered_on=answered, today=today()):
                try:
                    close_unconfirmed(case=case, by=None)
                except Refused:
                    continue  # the reporter has just spoken
                closed += 1
    return closed
