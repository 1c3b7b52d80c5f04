"""Many cases at once: each taken exactly once, answered ones with their dates, by one order."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.capabilities.cases import rules
from linli.capabilities.cases.actions.handling import assign_case
from linli.capabilities.cases.actions.merging import merge_cases
from linli.capabilities.cases.actions.permits import may_dispatch
from linli.capabilities.cases.actions.register import Reporter, set_category, take_case
from linli.capabilities.cases.actions.state_tasks import follow_state, open_state_task
from linli.capabilities.cases.actions.transitions import required_text, write_case_journal
from linli.capabilities.cases.models import Answer, Case, Category, Report
from linli.capabilities.cases.terms import AnswerKind, CaseChannel, CaseOutcome, CaseState
from linli.core.actions import action, write_journal
from linli.core.batch_cache import batch_cache
from linli.core.errors import Refused
from linli.core.time import to_china, today
from linli.integrations.hotline_lists.models import HotlineList
from linli.integrations.hotline_lists.queries import marks_taken, reports_by_mark
from linli.integrations.hotline_lists.terms import Dispatch, ListState
from linli.register.places.models import Place
from linli.register.posts.models import User


@dataclass(frozen=True)
class Order:
    """One case of a list, with what was previewed for it; ``same_as`` is a number before it."""

    row: int
    number: str
    text: str
    place: Place
    received_at: datetime
    title: str = ""
    spot: str = ""
    name: str = ""
    phone: str = ""
    category: Category | None = None
    confidence: float = 0.0
    is_sure: bool = False
    is_given: bool = False
    same_as: str = ""
    same_case: int | None = None
    answer: str = ""
    answered_at: datetime | None = None


def mark_of(town: str, number: str) -> str:
    """Return what makes a number of another office unique here: the same again is the same."""
    mark = f"list:{town}:{number}"
    # The column has 64 characters; the common short ones stay readable.
    return mark if len(mark) <= 64 else f"list:{hashlib.sha256(mark.encode()).hexdigest()[:48]}"


def town_of(place: Place) -> str:
    """Return the root under which numbers of a list are one series."""
    return str(place.path).split("/", 1)[0]


@action(
    "case.upload_list",
    term=gettext_noop("上传来件表格"),
    may=may_dispatch,
    journal="case.list_uploaded",
)
def bring_list(*, hotline_list: HotlineList, by: User | None) -> HotlineList:
    """Keep a list that was looked over, sealed and for a limited time, until it is taken in."""
    hotline_list.by, hotline_list.scope_path = by, hotline_list.place.path
    hotline_list.save()
    write_journal(
        "case.list_uploaded",
        about=hotline_list,
        text=hotline_list.file_name,
        data=dict(hotline_list.counts),
        by=by,
    )
    return hotline_list


@action(
    "case.record_answered",
    term=gettext_noop("录入已有答复"),
    may=may_dispatch,
    journal="case.answer_recorded",
)
def record_answered(*, case: Case, text: str, answered_at: datetime, by: User | None) -> Answer:
    """Record an answer another office gave, at its own time; it never counts as fixed."""
    answer_text = required_text(text, most=rules.LONGEST_OUTSIDE, field="text", ask=_("请写明答复"))
    if answered_at > timezone.now() or answered_at < case.received_at:
        raise Refused("case.answer_time", _("答复时间早于来件时间，或在将来"), "answered_at")
    answered_on = to_china(answered_at)
    changes: dict[str, Any] = {"state": CaseState.ANSWERED, "answered_at": answered_at}
    if rules.ends_unconfirmed(answered_on=answered_on, today=today()):
        closed_at = answered_at + timedelta(days=rules.UNCONFIRMED_AFTER_DAYS)
        changes |= {"state": CaseState.CLOSED, "outcome": CaseOutcome.UNCONFIRMED}
        changes["closed_at"] = closed_at
    # What happened elsewhere and before is told to nobody anew: no listener hears of it.
    changed = Case.objects.filter(pk=case.pk, state=CaseState.RECEIVED).update(
        handled_at=answered_at, changed_at=timezone.now(), **changes
    )
    if not changed:
        raise Refused("case.moved_on", _("这件事已经在办，不能再录入原来的答复"))
    answer = Answer(
        case=case,
        kind=AnswerKind.HANDLED,
        text=answer_text,
        by=None,
        at=answered_at,
        scope_path=case.scope_path,
    )
    answer.save()
    case.refresh_from_db()
    follow_state(case, CaseState.RECEIVED, by)
    write_case_journal("case.answer_recorded", case, by, answered=answered_at.isoformat())
    return answer


def _dispatch(hotline_list: HotlineList, order: Order, case: Case, by: User | None) -> None:
    """Set the suggested category and hand the case to the usual post, as the order says."""
    category = order.category if order.is_sure else None
    if category is not None and case.category_id is None:
        # Nobody chose it: suggestions must not learn from themselves. The journal says who ordered.
        set_category(case=case, category=category, by=None)
    order_text = f"{hotline_list.pk} {hotline_list.dispatch} {order.confidence:.3f}"
    assign_case(case=case, by=by, order=order_text)


@action(
    "case.take_list", term=gettext_noop("批量受理"), may=may_dispatch, journal="case.list_taken"
)
def take_orders(
    *, hotline_list: HotlineList, orders: Sequence[Order], by: User | None
) -> tuple[Counter[str], list[tuple[int, str]]]:
    """Take some rows of a list, all of them or none; what is there already is not taken again.

    Returns what was done, counted, and the rows that were refused with the reason.
    """
    town = town_of(hotline_list.place)
    marks = {mark_of(town, n) for each in orders for n in (each.number, each.same_as) if n}
    there = reports_by_mark(marks)
    # Taken by another community: counted as taken, and nothing of it is shown here.
    elsewhere = marks_taken(marks) - set(there)
    run = _ListRun(hotline_list, town, there, by)
    refused: list[tuple[int, str]] = []
    # Calendar, posts and webhooks are asked once for the rows and not once for each.
    with batch_cache():
        for order in orders:
            if mark_of(town, order.number) in elsewhere:
                run.counted["again"] += 1
                continue
            try:
                run.one(order)
            except Refused as why:
                refused.append((order.row, f"{why.sentence} {why.hint}".strip()))
    Report.objects.filter(pk__in=run.made).update(batch=hotline_list.batch)
    HotlineList.objects.filter(pk=hotline_list.pk).update(
        done=F("done") + len(orders), moved_at=timezone.now(), state=ListState.TAKING
    )
    data = {**run.counted, "first": orders[0].row, "last": orders[-1].row} if orders else {}
    write_journal(
        "case.list_taken", about=hotline_list, text=hotline_list.file_name, data=data, by=by
    )
    return run.counted, refused


@dataclass
class _ListRun:
    """Some rows of a list on their way: what was there before, what was made, what was done."""

    hotline_list: HotlineList
    town: str
    there: dict[str, Report]
    by: User | None
    counted: Counter[str] = field(default_factory=Counter)
    made: list[int] = field(default_factory=list)

    def one(self, order: Order) -> None:
        """Take one row if it is new, and do with its case what the order says."""
        mark = mark_of(self.town, order.number)
        report = self.there.get(mark)
        is_new = report is None
        if report is None:
            report = self.there[mark] = _taken(order, mark, self.by)
            self.made.append(report.pk)
            self.counted["new"] += 1
        else:
            self.counted["again"] += 1
        case: Case = report.case
        # Somebody has had it in hand since: an order for many must not undo what they decided.
        if case.state != CaseState.RECEIVED or case.refused_times or case.reopened_times:
            return
        try:
            self.counted[self.go_on(order, case)] += 1
        except Refused:
            self.counted["stayed"] += 1  # taken, and waits for dispatch where everybody sees it
        if is_new and case.state == CaseState.RECEIVED:
            open_state_task(case, self.by)

    def go_on(self, order: Order, case: Case) -> str:
        """Do with a case what the list and the order say; return what that was."""
        hotline_list, by = self.hotline_list, self.by
        if order.answer and order.answered_at:
            record_answered(case=case, text=order.answer, answered_at=order.answered_at, by=by)
            return "answered"
        into = _same(order, self.town, self.there) if hotline_list.merge else None
        if into is not None and _may_merge(case, into):
            merge_cases(case=case, into=into, by=by)
            return "merged"
        if hotline_list.dispatch == Dispatch.ALL or (
            hotline_list.dispatch == Dispatch.SURE and order.is_sure
        ):
            _dispatch(hotline_list, order, case, by)
            return "dispatched"
        return "waiting"


def _may_merge(case: Case, into: Case) -> bool:
    is_open = into.state != CaseState.CLOSED
    return is_open and into.pk != case.pk and into.confidential == case.confidential


def _taken(order: Order, mark: str, by: User | None) -> Report:
    reporter = Reporter(
        name=order.name, phone=order.phone, wants_answer="phone" if order.phone else "none"
    )
    suggested = {
        "category": order.category.code if order.category else "",
        "confidence": round(order.confidence, 3),
    }
    taken = take_case(
        text=order.text,
        place=order.place,
        by=by,
        channel=CaseChannel.HOTLINE,
        title=order.title,
        spot=order.spot,
        # A suggested category is set only by the order to dispatch, which the journal names.
        category=order.category if order.is_given else None,
        reporter=reporter,
        client_id=mark,
        received_at=order.received_at,
        outside_number=order.number,
        suggested={} if order.is_given else suggested,
        goes_on=True,
    )
    taken.report.case = taken.case
    return taken.report


def _same(order: Order, town: str, there: dict[str, Report]) -> Case | None:
    """Return the case this one says again, if it goes on."""
    if order.same_as and (first := there.get(mark_of(town, order.same_as))):
        case: Case = first.case
        return case
    if order.same_case is not None:
        same_case: Case | None = Case.objects.filter(pk=order.same_case).first()
        return same_case
    return None


@action(
    "case.begin_list",
    term=gettext_noop("开始批量受理"),
    may=may_dispatch,
    journal="case.list_begun",
)
def begin_list(
    *, hotline_list: HotlineList, dispatch: str, merge: bool, by: User | None
) -> HotlineList:
    """Order a list to be taken: whether its cases are handed out, and the same ones merged."""
    if hotline_list.state not in (ListState.LOOKED_AT, ListState.TAKING):
        raise Refused("case.list_taken", _("这张表格已经受理过了"))
    hotline_list.dispatch, hotline_list.merge, hotline_list.error_text = (
        Dispatch(dispatch),
        merge,
        "",
    )
    hotline_list.state, hotline_list.done, hotline_list.moved_at = (
        ListState.TAKING,
        0,
        timezone.now(),
    )
    hotline_list.save(
        update_fields=["dispatch", "merge", "error_text", "state", "done", "moved_at"]
    )
    data = {"dispatch": dispatch, "merge": merge}
    write_journal(
        "case.list_begun", about=hotline_list, text=hotline_list.file_name, data=data, by=by
    )
    return hotline_list


@action(
    "case.stop_list",
    term=gettext_noop("批量受理中断"),
    may=may_dispatch,
    journal="case.list_stopped",
)
def stop_list(*, hotline_list: HotlineList, error_text: str, by: User | None) -> HotlineList:
    """Say why a list stopped; what was taken stays, and it can go on."""
    hotline_list.error_text = error_text[:300]
    hotline_list.save(update_fields=["error_text"])
    write_journal("case.list_stopped", about=hotline_list, text=hotline_list.error_text, by=by)
    return hotline_list


@action(
    "case.end_list", term=gettext_noop("批量受理完成"), may=may_dispatch, journal="case.list_ended"
)
def end_list(
    *, hotline_list: HotlineList, counts: dict[str, int], left: str, by: User | None
) -> HotlineList:
    """Say that a list is through, and keep the rows that were left, sealed."""
    hotline_list.state, hotline_list.taken_at, hotline_list.error_text = (
        ListState.TAKEN,
        timezone.now(),
        "",
    )
    hotline_list.counts, hotline_list.rejected_rows = {**hotline_list.counts, **counts}, left
    hotline_list.save(update_fields=["state", "taken_at", "error_text", "counts", "rejected_rows"])
    write_journal(
        "case.list_ended", about=hotline_list, text=hotline_list.file_name, data=counts, by=by
    )
    return hotline_list


@action(
    "case.drop_list",
    term=gettext_noop("放弃来件表格"),
    may=may_dispatch,
    journal="case.list_dropped",
)
def drop_list(*, hotline_list: HotlineList, by: User | None) -> HotlineList:
    """Give a list up before anything of it was taken: file and preview are deleted."""
    if hotline_list.state != ListState.LOOKED_AT:
        raise Refused("case.list_taken", _("已经开始受理，不能放弃"), hint=_("可以继续受理"))
    hotline_list.state, hotline_list.file, hotline_list.plan, hotline_list.rejected_rows = (
        ListState.DROPPED,
        b"",
        "",
        "",
    )
    hotline_list.save(update_fields=["state", "file", "plan", "rejected_rows"])
    write_journal("case.list_dropped", about=hotline_list, text=hotline_list.file_name, by=by)
    return hotline_list


@action(
    "case.purge_list",
    term=gettext_noop("清除来件表格"),
    may=may_dispatch,
    journal="case.list_purged",
)
def purge_list(*, hotline_list: HotlineList, by: User | None) -> HotlineList:
    """Forget the file of a list and what was kept of its rows; its cases stay."""
    hotline_list.file, hotline_list.plan, hotline_list.rejected_rows = b"", "", ""
    hotline_list.save(update_fields=["file", "plan", "rejected_rows"])
    write_journal("case.list_purged", about=hotline_list, by=by)
    return hotline_list
