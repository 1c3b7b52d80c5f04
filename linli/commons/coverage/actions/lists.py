"""A coverage is opened, topped up, closed, carried on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.commons.coverage import rules
from linli.commons.coverage.models import Coverage, CoverageRow
from linli.commons.coverage.queries import doors_to_reach, not_listed, progress, rows_left
from linli.core.actions import action, write_journal
from linli.core.errors import Refused
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
    return _opened(coverage, by)


def _opened(coverage: Coverage, by: User | None) -> Coverage:
    coverage.save()
    households = _top_up(coverage)
    if not households:
        raise Refused("canvass.nobody", _("这里没有符合的户"), "sentence", _("请换个地方或条件"))
    data: dict[str, Any] = {"households": households}
    if left_out := conditions.left_out_of(coverage.condition):
        data["left_out"] = left_out
    write_journal("canvass.opened", about=coverage.place, text=coverage.title, data=data, by=by)
    return coverage


@action("canvass.carry_on", term=gettext_noop("接着走访"), may=may_start, journal="canvass.opened")
def carry_on(*, coverage: Coverage, by: User | None) -> Coverage:
    """Go on with exactly those whom a coverage that is over did not reach; once."""
    if coverage.closed_on is None:
        raise Refused("canvass.running", _("这次走访还没有结束，请接着走"))
    if not rows_left(coverage).exists():
        raise Refused("canvass.all_reached", _("每一户都走完了，不用接着走"))
    on = today()
    following = Coverage(
        title=coverage.title,
        why=coverage.why,
        place=coverage.place,
        scope_path=coverage.scope_path,
        condition=coverage.condition,
        carries_on=coverage,
        opened_on=on,
        # As many days as the first had.
        until_on=on + (coverage.until_on - coverage.opened_on),
        by=by,
    )
    try:
        # A savepoint: PostgreSQL accepts nothing more in a transaction whose insert failed.
        with transaction.atomic():
            return _opened(following, by)
    except IntegrityError:
        raise Refused("canvass.carried_on", _("已经有人接着走了，请打开那一次")) from None


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
