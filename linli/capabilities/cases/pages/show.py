"""One case: what, where, who waits, who handles it, what was answered, and what comes next."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.capabilities.cases.actions import may_dispatch, may_take
from linli.capabilities.cases.actions.handling import may_handle
from linli.capabilities.cases.forms.workers import may_hide
from linli.capabilities.cases.models import Case, Handling
from linli.capabilities.cases.queries import case_or_not_found, reports_of, shares_of, similar_open
from linli.capabilities.cases.queries.case_status import BEFORE_ANSWER, danger_of_case, days_left
from linli.capabilities.cases.queries.spans import spans_of
from linli.capabilities.cases.rules import CAN_BE_SPOKEN_OF
from linli.capabilities.cases.terms import IN_DANGER, CaseState
from linli.core.interface.picture_models import Span, Timeline
from linli.core.interface.registry import record_address
from linli.core.time import to_china, today
from linli.register.posts.queries import signed_in
from linli.workbench.tasks.queries import Seat, tasks_on_page

# The verb that carries a case on stands on the page as its one large button.
USUAL_NEXT = ("dispatch", "review", "answer")


@login_required
@never_cache
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one case."""
    case = case_or_not_found(pk)
    shares, verbs = shares_of(case), _verbs(case)
    context: dict[str, Any] = {
        "case": case,
        "place_href": record_address("places.place", case.place_id),
        "days": days_left([case]).get(case.pk),
        "danger": danger_of_case(case),
        "accepted": case.state != CaseState.RECEIVED and case.accepted_at is not None,
        "tasks_here": tasks_on_page(case, signed_in(request)),
        "finish_words": _("办好并答复"),
        "reports": reports_of(case),
        "shares": [_share(share) for share in shares],
        "time": _time(case, shares),
        "answers": list(case.answers.select_related("by")),
        "first": verbs[0] if verbs and verbs[0]["name"] in USUAL_NEXT else None,
        "verbs": verbs[1:] if verbs and verbs[0]["name"] in USUAL_NEXT else verbs,
        "alike": similar_open(case.text, case.place, but=case) if _may_merge(case) else [],
        "hears_verdicts": _hears_verdicts(case),
        "given": _just_taken(request, case),
    }
    return render(request, "cases/case.html", context)


# Who has it at heart is drawn in the accent; waiting is lighter, for the reporter or for us.
_TONES = {
    CaseState.ASSIGNED: "second",
    CaseState.ACCEPTED: "first",
    CaseState.IN_HAND: "first",
    CaseState.ANSWERED: "second",
}


def _time(case: Case, shares: list[Handling]) -> Timeline | None:
    """Draw where the time of a case went; of one that came today there is nothing to see."""
    spans = spans_of(case, shares)
    until = to_china(case.closed_at) if case.closed_at else today()
    if until == spans[0].starts:
        return None
    drawn = [
        Span(
            CaseState(one.state).label,
            one.starts,
            one.ends,
            _TONES.get(CaseState(one.state), "rest"),
            "、".join(dict.fromkeys(_whom(share) for share in one.shares)),
        )
        for one in spans
    ]
    answered = [one.starts for one in spans if one.state == CaseState.ANSWERED]
    # Waiting for the reporter's word is nobody's lateness.
    late_until = answered[-1] if answered and case.state not in BEFORE_ANSWER else until
    return Timeline(_("从收到到现在"), drawn, until, case.due_on, late_until)


def _whom(share: Handling) -> str:
    if share.party:
        return str(share.party.name)
    return Seat(share.task.seat_role, share.task.seat_place).words


def _share(share: Handling) -> dict[str, Any]:
    seat = Seat(share.task.seat_role, share.task.seat_place)
    return {
        "share": share,
        "words": share.party.name if share.party else seat.words,
        "minded_by": seat.words if share.party else "",
        "taken_by": share.task.taken_by.name if share.task.taken_by else "",
    }


def _may_merge(case: Case) -> bool:
    return may_dispatch.holds() and case.state != CaseState.CLOSED and not case.confidential


def _hears_verdicts(case: Case) -> bool:
    """May this post write down now whether a reporter is content?"""
    ended = case.state in (CaseState.ANSWERED, CaseState.CLOSED)
    return ended and case.outcome in CAN_BE_SPOKEN_OF and may_handle(case=case)


def _just_taken(request: HttpRequest, case: Case) -> tuple[str, str] | None:
    """Return number and word once, right after the case was taken, to be told to the caller."""
    # Popped: reloading the page or passing the phone on does not show the word again.
    number_and_word = request.session.pop("cases_taken", None)
    if number_and_word and number_and_word[0] == case.pk:
        return number_and_word[1], number_and_word[2]
    return None


def _verbs(case: Case) -> list[dict[str, Any]]:
    """Return what can be done now, the usual next step first."""

    def verb(name: str, label: str, icon: str, note: str = "") -> dict[str, Any]:
        href = reverse(f"cases:{name}", args=[case.pk])
        return {"href": href, "label": label, "icon": icon, "note": note, "name": name}

    dispatches, handles = may_dispatch.holds(), may_handle(case=case)
    verbs = []
    if dispatches and case.state == CaseState.RECEIVED:
        verbs.append(verb("dispatch", _("分派"), "send"))
    if dispatches and case.state == CaseState.HANDLED and _awaits_review(case):
        verbs.append(verb("review", _("复核"), "checklist"))
    if handles and case.state == CaseState.HANDLED and not _awaits_review(case):
        verbs.append(verb("answer", _("答复"), "message"))
    if handles and case.state in (CaseState.ASSIGNED, CaseState.ACCEPTED):
        verbs.append(verb("start", _("开始办理"), "clock"))
    if handles and case.state in (*BEFORE_ANSWER[:4],):
        refusal = verb("answer", _("办不了或不归我们"), "arrow-right", _("写明原因或转交给谁"))
        # Not the name "answer", which would make it the page's one large button.
        verbs.append(refusal | {"name": "cannot"})
    if may_take.holds() and case.state in IN_DANGER:
        label = _("不是危险了") if case.danger else _("这是危险")
        verbs.append(verb("danger", label, "alert-triangle", _("困人、燃气、火情、人身危险")))
    if dispatches and case.outcome != "merged":
        verbs.append(verb("set-category", _("改分类"), "tags"))
    if dispatches and case.state == CaseState.RECEIVED:
        verbs.append(verb("move", _("改正地点"), "map-pin"))
    if dispatches and case.state in (CaseState.ANSWERED, CaseState.CLOSED):
        name = "unmerge" if case.outcome == "merged" else "reopen"
        label = _("撤销合并") if case.outcome == "merged" else _("重开")
        verbs.append(verb(name, label, "refresh"))
    if dispatches and case.state != CaseState.CLOSED:
        verbs.append(verb("withdraw", _("撤回"), "circle-x", _("居民说不用办了")))
    if may_hide():
        label = _("取消保密") if case.confidential else _("设为保密")
        verbs.append(verb("confidential", label, "lock"))
    return verbs


def _awaits_review(case: Case) -> bool:
    return bool(case.category and case.category.needs_review and not case.reviewed_by_id)
