"""看望：visits plan --from 日期 --to 日期 把一段时间的看望排出来看看，什么都不改。"""

from __future__ import annotations

import argparse
from datetime import date, timedelta

from django.utils.translation import gettext as _

from linli.capabilities.visits import rules
from linli.capabilities.visits.queries import plans_here
from linli.capabilities.visits.scheduling import measured
from linli.capabilities.visits.scheduling_input import period_plan
from linli.core.errors import Refused
from linli.core.interface.commands import CommandContext
from linli.core.scope import scope_or_none, system_scope
from linli.core.time import today
from linli.register.people.models import Person
from linli.workbench.read_budget.actions import note_read
from linli.workbench.tasks.queries import calendar


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the period."""
    parser.add_argument("what", choices=["plan"], help="排一段时间的看望")
    parser.add_argument("--from", dest="since", metavar="DATE", help="从哪天，默认今天")
    parser.add_argument("--to", dest="until", metavar="DATE", help="到哪天，默认90天")


def run(given: CommandContext) -> int:
    """Plan under the scope of ``--as``, or the whole installation at the machine itself."""
    if scope_or_none() is None:
        with system_scope("a plan of the installation, asked at the machine itself"):
            return _plan(given)
    return _plan(given)


def _day(text: str | None, otherwise: date) -> date:
    try:
        return date.fromisoformat(text) if text else otherwise
    except ValueError:
        raise Refused(
            "visit.date", _("“%(text)s”不是日期") % {"text": text}, hint=_("例如 2026-11-23")
        ) from None


def _plan(given: CommandContext) -> int:
    first = _day(given.options.since, today())
    last = _day(given.options.until, first + timedelta(days=89))
    if not first <= last <= first + timedelta(days=rules.LONGEST_PERIOD):
        most = {"most": rules.LONGEST_PERIOD}
        raise Refused("visit.period", _("起在止前，最多%(most)s天") % most)
    plans = [care_plan for care_plan in plans_here() if care_plan.is_on]
    if not plans:
        given.warn(_("没有启用的看望安排"))
    period = period_plan(plans, first, last)
    measures = measured(period.slots, period.needs, period.days)
    for plan in plans:
        if plan.error_text:
            given.warn(f"{plan.name}：{plan.error_text}")
    unknown = [year for year in range(first.year, last.year + 1) if not calendar().is_known(year)]
    for year in unknown:
        # Stderr for people, a key in every line for programs: what is planned there may move.
        given.warn(_("%(year)s年的放假安排还没有录入，先按周一到周五排") % {"year": year})
    note_read(period.needs)
    doors = dict(Person.objects.filter(pk__in=period.needs).values_list("pk", "home__address"))
    for slot in [*period.slots, *period.calls]:
        given.answer(
            day=str(slot.day),
            person=slot.key,
            address=doors.get(slot.key, ""),
            by_phone=slot.by_phone,
            year_is_known=slot.day.year not in unknown,
        )
    given.say(
        _(
            "%(people)s人，%(visits)s次看望，%(trips)s趟，%(days)s个工作日，最满的一天比平均多%(more)s%%"
        )
        % {
            "people": len(period.needs),
            "visits": measures.visits,
            "trips": measures.trips,
            "days": len(period.days),
            "more": round(100 * measures.unevenness),
        }
    )
    return 0
