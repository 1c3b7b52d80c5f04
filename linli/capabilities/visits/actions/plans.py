"""Plans: written, switched on; every night the next visit of everybody they mean gets its day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.capabilities.visits import rules
from linli.capabilities.visits.actions.visits import open_visit_task
from linli.capabilities.visits.models import CarePlan, Visit
from linli.capabilities.visits.queries import condition_of
from linli.capabilities.visits.scheduling import Slot
from linli.capabilities.visits.scheduling_input import (
    VisitCandidate,
    next_slots,
    standing_slots,
    visit_candidates,
)
from linli.capabilities.visits.terms import VisitState
from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.scope import current_scope, use_scope
from linli.core.time import add_working_days
from linli.register.people.models import Person
from linli.register.people.queries import lives_here
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.workbench.conditions import queries as conditions
from linli.workbench.tasks.actions import cancel_task
from linli.workbench.tasks.queries import calendar
from linli.workbench.tasks.terms import UNFINISHED

may_plan = role_in(rules.MAY_PLAN)
may_system = role_in(frozenset())


@action("care_plan.save", term=gettext_noop("写看望安排"), may=may_plan, journal="care_plan.saved")
def save_plan(*, plan: CarePlan, given: Mapping[str, Any], by: User | None) -> CarePlan:
    """Write a plan or change it: who, every how many days, whether they must be seen.

    Whom it means or how often is confirmed when it is switched on: a change of either switches
    it off, so that no plan that was harmless becomes one for everybody unseen.
    """
    before = CarePlan.objects.filter(pk=plan.pk).values("condition", "every").first()
    for key, value in given.items():
        setattr(plan, key, value)
    if not plan.name.strip():
        raise Refused("care_plan.name", _("请写名称"), "name")
    if not rules.SHORTEST_CYCLE <= plan.every <= rules.LONGEST_CYCLE:
        figures = {"least": rules.SHORTEST_CYCLE, "most": rules.LONGEST_CYCLE}
        raise Refused("care_plan.every", _("请填%(least)s到%(most)s天") % figures, "every")
    # From its own place, as it is asked every night.
    with use_scope(current_scope().narrowed(plan.place.path)):
        condition = condition_of(plan)
    if condition.subject != "person":
        raise Refused("care_plan.subject", _("看望的是居民，请说居民的条件"), "sentence")
    plan.scope_path, plan.by, plan.error_text = plan.place.path, by, ""
    if before is not None and before != {"condition": plan.condition, "every": plan.every}:
        plan.is_on = False
    plan.save()
    left_out = conditions.left_out(condition.unread)
    data = {"left_out": left_out} if left_out else {}
    write_journal("care_plan.saved", about=plan, text=plan.name, data=data, by=by)
    return plan


@action(
    "care_plan.switch",
    term=gettext_noop("启用停用看望安排"),
    may=may_plan,
    journal="care_plan.switched",
)
def switch_plan(
    *, plan: CarePlan, on: bool, people: int, of: int, confirmed: int | None, by: User | None
) -> CarePlan:
    """Switch a plan on or off; very many at once are confirmed by their number."""
    if on and rules.needs_confirming(people=people, of=of) and confirmed != people:
        raise Refused(
            "care_plan.many",
            _("这个安排要看望%(n)s人") % {"n": people},
            "confirmed",
            _("请先把条件收窄；确实要这样，请填上这个数目。"),
        )
    plan.is_on = on
    plan.save()
    data = {"on": on, "people": people}
    write_journal("care_plan.switched", about=plan, text=plan.name, data=data, by=by)
    return plan


@dataclass
class PlanningResult:
    """What a night's planning did."""

    planned: int = 0
    opened: int = 0
    stopped: int = 0
    failed: int = 0


@action("visit.plan", term=gettext_noop("排看望"), may=may_system, journal="visit.planned")
def plan_visits(*, on: date, by: User | None) -> PlanningResult:
    """Give everybody the plans mean their next visit, and open the tasks whose day is near.

    What was planned and is not wanted any more is taken back. Run twice it does nothing twice.
    """
    went = PlanningResult()
    plans = list(CarePlan.objects.filter(is_on=True).select_related("place").order_by("pk"))
    people = visit_candidates(plans)
    for plan in plans:
        went.failed += bool(plan.error_text)
        CarePlan.objects.filter(pk=plan.pk).update(error_text=plan.error_text)
    broken = {plan.pk for plan in plans if plan.error_text}
    standing = _still_wanted(people, broken, went)
    new = {key: candidate for key, candidate in people.items() if key not in standing}
    slots = next_slots(new, on, standing_slots())
    Visit.objects.bulk_create(
        # Two nights at once: the constraint leaves everybody one next visit.
        [_visit(people[key], slot) for key, slot in slots.items()],
        ignore_conflicts=True,
    )
    went.planned = len(slots)
    _open_near(on, went)
    write_journal("visit.planned", data={"planned": went.planned, "opened": went.opened}, by=by)
    return went


def _still_wanted(
    people: dict[int, VisitCandidate], broken: set[int], went: PlanningResult
) -> set[int]:
    """Return who has a next visit already; what does not fit any more is taken back."""
    standing: set[int] = set()
    rows = Visit.objects.filter(state=VisitState.PLANNED, change="")
    for visit in rows.select_related("task", "plan"):
        candidate = people.get(visit.person_id)
        if candidate is None and visit.plan_id in broken:
            standing.add(visit.person_id)  # the plan cannot be asked: what stands stays
            continue
        fits = candidate is not None and candidate.home.pk == visit.place_id
        # A plan that comes less often leaves what stands; what is a task already is not moved
        # either.
        if candidate is not None and fits and (visit.every <= candidate.every or visit.task_id):
            standing.add(visit.person_id)
            continue
        if visit.task is not None and visit.task.state in UNFINISHED:
            reason = _("已搬家，另行安排") if candidate is not None else _("不在看望安排里了")
            cancel_task(task=visit.task, by=None, reason=reason)
        Visit.objects.filter(pk=visit.pk).update(state=VisitState.STOPPED)
        went.stopped += 1
    _stop_for_the_gone(went)
    return standing


def _stop_for_the_gone(went: PlanningResult) -> None:
    """Whoever died, left or lives elsewhere is not visited: the journal of what was done stays."""
    gone = Visit.objects.filter(state=VisitState.PLANNED).exclude(lives_here("person__"))
    for visit in gone.select_related("task", "person"):
        if visit.task is not None and visit.task.state in UNFINISHED:
            reason = visit.person.where_now
            cancel_task(task=visit.task, by=None, reason=reason)
        Visit.objects.filter(pk=visit.pk).update(state=VisitState.STOPPED)
        went.stopped += 1


def _visit(candidate: VisitCandidate, slot: Slot) -> Visit:
    until = candidate.last_on + timedelta(days=candidate.every) if candidate.last_on else slot.day
    return Visit(
        person=Person(pk=candidate.person, scope_path=candidate.home.path),
        place=candidate.home,
        scope_path=candidate.home.path,
        plan=candidate.plan,
        every=candidate.every,
        in_person=candidate.in_person,
        day=slot.day,
        until=max(until, slot.day),
        by_phone=slot.by_phone,
    )


def _open_near(on: date, went: PlanningResult) -> None:
    """Open the tasks of today and the next working day."""
    near = add_working_days(on, 1, calendar())
    rows = Visit.objects.filter(state=VisitState.PLANNED, task__isnull=True, day__lte=near)
    for visit in rows.select_related("person", "place", "plan").order_by("day", "pk"):
        open_visit_task(visit=visit, by=None)
        went.opened += 1
