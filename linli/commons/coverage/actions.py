"""A coverage is opened, its households are held, reached, tried again, put right; it is closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.commons.coverage import rules
from linli.commons.coverage.models import Coverage, CoverageRow
from linli.commons.coverage.queries import doors_to_reach, not_listed, progress
from linli.commons.coverage.terms import OPEN, OVER, ContactResult, ContactWay
from linli.core.actions import action, write_journal, writes_allowed
from linli.core.errors import Refused
from linli.core.storage import unless_there_is_no_room
from linli.core.time import today
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.workbench.conditions import queries as conditions

may_start = role_in(rules.MAY_START)
may_reach = role_in(rules.MAY_CANVASS)


@action("canvass.open", term=gettext_noop("开始走访排查"), may=may_start, journal="canvass.opened")
def open_coverage(
    *,
    title: str,
    why: str,
    place: Place,
    condition: Mapping[str, Any],
    until_on: date,
    by: User | None,
) -> Coverage:
    """Open a coverage and list every household it means."""
    named, reason = title.strip(), why.strip()
    if not rules.SHORTEST_REASON <= len(named) <= rules.LONGEST_TITLE:
        raise Refused("canvass.title", _("请写做什么，最多60字"), "title")
    if len(reason) < rules.SHORTEST_REASON:
        raise Refused("canvass.why", _("请写依据和用途：居民会问为什么"), "why")
    on = today()
    if not on <= until_on <= on + timedelta(days=rules.LONGEST_DAYS):
        raise Refused("canvass.until", _("请选今天起180天以内的日期"), "until_on")
    coverage = Coverage(
        title=named,
        why=reason,
        place=place,
        scope_path=place.path,
        condition=dict(condition),
        opened_on=on,
        until_on=until_on,
        by=by,
    )
    coverage.save()
    households = _top_up(coverage)
    if not households:
        raise Refused("canvass.nobody", _("这里没有符合的户"), "sentence", _("请换个地方或条件"))
    data: dict[str, Any] = {"households": households}
    if left_out := conditions.left_out_of(condition):
        data["left_out"] = left_out
    write_journal("canvass.opened", about=place, text=named, data=data, by=by)
    return coverage


def _top_up(coverage: Coverage) -> int:
    """Add the households that are meant and not listed; who has moved in between is marked."""
    meant = doors_to_reach(coverage)
    if len(meant) > rules.MOST_HOUSEHOLDS:
        figures = {"n": len(meant), "most": rules.MOST_HOUSEHOLDS}
        raise Refused(
            "canvass.many",
            _("有%(n)s户，一次最多%(most)s户") % figures,
            "sentence",
            _("请按社区分开做"),
        )
    new = [
        CoverageRow(coverage=coverage, place=place, household_id=household, scope_path=place.path)
        for place, household in not_listed(coverage, meant)
    ]
    # The job and a worker may top up at once: the unique constraints decide.
    CoverageRow.objects.bulk_create(new, batch_size=500, ignore_conflicts=True)
    Coverage.objects.filter(pk=coverage.pk).update(topped_up_at=timezone.now())
    return len(new)


@action(
    "canvass.top_up", term=gettext_noop("补上新住户"), may=may_reach, journal="canvass.topped_up"
)
def top_up(*, coverage: Coverage, by: User | None) -> int:
    """Add whoever moved in since; return how many."""
    added = 0 if coverage.closed_on else _top_up(coverage)
    write_journal("canvass.topped_up", about=coverage, data={"added": added}, by=by)
    return added


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
) -> CoverageRow:
    """Write down what came of a household: of two who save at once the first counts.

    The same page sent twice is one result; whoever comes second is told who was first. ``tries``
    is how often somebody had been there when the page was opened.
    """
    _check_result(row, result, way, try_on)
    again = None
    if result == ContactResult.ABSENT:
        again = rules.try_again_on(said=try_on, today=today())
    seen = row.tries if tries is None else tries
    # "Absent" stays open: without `tries` a second worker would overwrite the first one's visit.
    fresh = CoverageRow.objects.filter(pk=row.pk, result__in=OPEN, tries=seen)
    if form_token:
        fresh = fresh.exclude(form_token=form_token)
    changed = fresh.update(
        result=result,
        way=way,
        words=words.strip()[: rules.LONGEST_WORDS],
        try_on=again,
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
        figures = {"name": row.by.name if row.by else "", "result": row.get_result_display()}
        raise Refused(
            "canvass.taken",
            _("%(name)s刚才已记为“%(result)s”") % figures,
            None,
            _("您写的还在下面；要改请先看看那一条"),
        )
    also = [row.household] if row.household is not None else []
    text = f"{row.coverage.title}：{row.get_result_display()} {words.strip()}".strip()
    data = {"result": result, "way": way, "again": not changed}
    write_journal("canvass.recorded", about=row.place, also=also, text=text, data=data, by=by)
    return row


def _check_result(row: CoverageRow, result: str, way: str, try_on: date | None) -> None:
    if row.coverage.closed_on is not None:
        raise Refused("canvass.closed", _("这次走访已经结束"))
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
    CoverageRow.objects.filter(pk=row.pk, result__in=OVER).update(
        # The token goes: the same page sent again would else count as said already.
        result=ContactResult.WAITING,
        form_token="",
        changed_at=timezone.now(),
    )
    row.refresh_from_db()
    write_journal("canvass.corrected", about=row.place, text=why, by=by)
    return row


@action("canvass.close", term=gettext_noop("结束走访排查"), may=may_start, journal="canvass.closed")
def close_coverage(*, coverage: Coverage, confirmed: int | None, by: User | None) -> Coverage:
    """End a coverage; households that still wait are confirmed by their number."""
    if coverage.closed_on is not None:
        raise Refused("canvass.closed", _("这次走访已经结束"))
    _top_up(coverage)
    # Counted after topping up: who moved in an hour ago was not reached either.
    left = progress(coverage).open
    if left and confirmed != left:
        raise Refused(
            "canvass.left",
            _("还有%(n)s户没联系上") % {"n": left},
            "confirmed",
            _("请接着走；一定要现在结束，请填上这个数目。"),
        )
    coverage.closed_on = today()
    coverage.save()
    write_journal(
        "canvass.closed", about=coverage.place, text=coverage.title, data={"left": left}, by=by
    )
    return coverage
