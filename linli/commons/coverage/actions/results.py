"""A household of a coverage is held, reached, tried again, put right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.commons.coverage import rules
from linli.commons.coverage.actions.lists import may_reach
from linli.commons.coverage.actions.moves import check_met, look_into_move, move_task_of, wait_again
from linli.commons.coverage.models import Coverage, CoverageRow
from linli.commons.coverage.queries import people_at
from linli.commons.coverage.terms import OPEN, OVER, TALKED, ContactResult, ContactWay
from linli.core.actions import action, write_journal, writes_allowed
from linli.core.errors import Refused
from linli.core.storage import unless_there_is_no_room
from linli.core.time import today
from linli.register.people.actions import record_contact, take_contacts_back
from linli.register.people.models import Person
from linli.register.people.terms import ContactChannel
from linli.register.posts.models import User
from linli.workbench.tasks.actions import cancel_task

CHANNELS: dict[str, str] = {
    ContactWay.DOOR: ContactChannel.VISIT,
    ContactWay.PHONE: ContactChannel.PHONE,
}
STILL_THERE = gettext_noop("没有记下；您写的还在下面，可以抄到接着走的那一次，或记进日志")


def hold(*, row: CoverageRow, by: User) -> bool:
    """Hold a household for ten minutes; of two who open it at once one holds it.

    A mark for colleagues, and nothing that was done to anybody: it stands in no journal.
    """
    now = timezone.now()
    free = Q(held_until__isnull=True) | Q(held_until__lt=now) | Q(held_by=by)
    until = now + timedelta(minutes=rules.CLAIM_MINUTES)
    held = 1  # without room for the mark the page is read all the same
    with unless_there_is_no_room(), writes_allowed("who is at a household just now"):
        held = CoverageRow.objects.filter(free, pk=row.pk, result__in=OPEN).update(
            held_by=by, held_until=until
        )
    row.refresh_from_db()
    return bool(held)


@action(
    "canvass.record", term=gettext_noop("记走访结果"), may=may_reach, journal="canvass.recorded"
)
def record(
    *,
    row: CoverageRow,
    result: str,
    way: str,
    by: User,
    words: str = "",
    try_on: date | None = None,
    form_token: str = "",
    tries: int | None = None,
    met: Sequence[Person] = (),
) -> CoverageRow:
    """Write down what came of a household: of two who save at once the first counts.

    The same page sent twice is one result; whoever comes second is told who was first. ``tries``
    is how often somebody had been there when the page was opened. ``met`` are those of the
    household who were spoken with: they were reached, and nobody else there.
    """
    _check_result(row, result, way, try_on)
    check_met(row, met)
    again = None
    if result == ContactResult.ABSENT:
        again = rules.try_again_on(said=try_on, today=today())
    seen = row.tries if tries is None else tries
    # "Absent" stays open: without `tries` a second worker would overwrite the first one's visit.
    running = Coverage.objects.filter(closed_on__isnull=True)
    fresh = CoverageRow.objects.filter(pk=row.pk, result__in=OPEN, tries=seen, coverage__in=running)
    if form_token:
        fresh = fresh.exclude(form_token=form_token)
    changed = fresh.update(
        result=result,
        way=way,
        words=words.strip()[: rules.LONGEST_WORDS],
        try_on=again,
        tried_on=today(),
        tries=seen + 1,
        by=by,
        form_token=form_token,
        held_by=None,
        held_until=None,
        changed_at=timezone.now(),
    )
    row.refresh_from_db()
    # The same page sent twice finds its own token there and gets the same answer.
    if not changed and not (form_token and row.form_token == form_token):
        raise _too_late(row)
    also: list[Any] = [row.household] if row.household is not None else []
    if result == ContactResult.MOVED:
        # Each of them reads on their own page that they are said to have moved.
        also += people_at(row)
    text = f"{row.coverage.title}：{row.get_result_display()} {words.strip()}".strip()
    data = {"result": result, "way": way, "again": not changed}
    write_journal("canvass.recorded", about=row.place, also=also, text=text, data=data, by=by)
    if changed:
        _follow(row, met, by)
    return row


def _too_late(row: CoverageRow) -> Refused:
    kept = _("您写的还在下面；要改请先看看那一条")
    coverage = Coverage.objects.get(pk=row.coverage_id)
    if coverage.closed_on is not None:
        return Refused("canvass.closed", _("这次走访已经结束"), None, _(STILL_THERE))
    figures = {"name": row.by.name if row.by else "", "result": row.get_result_display()}
    return Refused("canvass.taken", _("%(name)s刚才已记为“%(result)s”") % figures, None, kept)


def _follow(row: CoverageRow, met: Sequence[Person], by: User) -> None:
    """Note whom somebody spoke with; have it looked into where they are said to have moved."""
    if row.result in TALKED:
        for person in met:
            record_contact(
                person=person, channel=CHANNELS[row.way], on=today(), by=by, step=_step_of(row)
            )
    if row.result == ContactResult.MOVED:
        look_into_move(row, by)


def _step_of(row: CoverageRow) -> str:
    return f"canvass.record:{row.pk}"


def _check_result(row: CoverageRow, result: str, way: str, try_on: date | None) -> None:
    if row.coverage.closed_on is not None:
        raise Refused("canvass.closed", _("这次走访已经结束"), None, _(STILL_THERE))
    if result not in (*OVER, ContactResult.ABSENT):
        raise Refused("canvass.result", _("请选结果"), "result")
    if way not in ContactWay.values:
        raise Refused("canvass.way", _("请选怎么联系的"), "way")
    if try_on is not None and try_on < today():
        raise Refused("canvass.try_on", _("再去的日期不能早于今天"), "try_on")


@action(
    "canvass.correct", term=gettext_noop("更正走访结果"), may=may_reach, journal="canvass.corrected"
)
def correct(*, row: CoverageRow, reason: str, by: User) -> CoverageRow:
    """Put a household back among those that wait, with the reason; what was written stays."""
    why = reason.strip()
    if len(why) < rules.SHORTEST_REASON:
        raise Refused("canvass.reason", _("请写明为什么要改"), "reason")
    if row.coverage.closed_on is not None:
        raise Refused("canvass.closed", _("这次走访已经结束"))
    wait_again(row)
    take_contacts_back(_step_of(row), by)
    if (task := move_task_of(row)) is not None:
        cancel_task(task=task, by=by, reason=why)
    write_journal("canvass.corrected", about=row.place, text=why, by=by)
    return row
