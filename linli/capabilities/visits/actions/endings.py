"""Whoever died or left is not visited; what was promised to the dead is told to the family."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linli.capabilities.visits.actions.feedback import expire_feedback
from linli.capabilities.visits.actions.plans import switch_plan
from linli.capabilities.visits.actions.promises import withdraw_promise
from linli.capabilities.visits.actions.visits import stop_visit
from linli.capabilities.visits.models import CarePlan, FeedbackRequest, Promise, Visit
from linli.capabilities.visits.terms import TELL_FAMILY, FeedbackState, PromiseState, VisitState
from linli.core.endings import Ending
from linli.register.people.models import Household, Person, Residence
from linli.register.people.terms import PersonStatus
from linli.register.posts.models import User
from linli.workbench.tasks.actions import open_task
from linli.workbench.tasks.actions.endings import take_along
from linli.workbench.tasks.models import Task


def stop_visits(rows: QuerySet[Visit], ending: Ending) -> None:
    """Stop what was planned."""
    for visit in rows.select_related("person", "place", "task"):
        stop_visit(visit=visit, reason=ending.reason, by=ending.by)


def end_feedback(rows: QuerySet[FeedbackRequest], ending: Ending) -> None:
    """Ask nobody how it was who cannot answer any more."""
    for one in rows.select_related("person", "place", "task"):
        expire_feedback(feedback_request=one, reason=ending.reason, by=ending.by)


def settle_promises(rows: QuerySet[Promise], ending: Ending) -> None:
    """End promises with the reason; those to the dead are told to who is left at the door."""
    for promise in rows.select_related("person", "place", "task"):
        reason = ending.reason
        family = _family(promise) if ending.how == PersonStatus.DIED else None
        if family is not None:
            ending.note_made(_open_telling(promise, family, ending.by))
            reason += _("，已安排向家属说明")
        withdraw_promise(promise=promise, reason=reason, by=ending.by)


def _family(promise: Promise) -> Household | None:
    """Return who is left at the door: their own household, else one at the same door."""
    own = Residence.objects.filter(person=promise.person, is_home=True, household__isnull=False)
    theirs = own.order_by("to_date", "pk").values_list("household", flat=True).last()
    left = Household.objects.filter(dwelling=promise.place, ended_on__isnull=True)
    family: Household | None = left.filter(pk=theirs).first() or left.order_by("pk").first()
    return family


def _open_telling(promise: Promise, family: Household, by: User | None) -> Task:
    names = {"name": promise.person.name, "what": promise.what}
    return open_task(
        kind=TELL_FAMILY,
        about=family,
        place=promise.place,
        title=_("向家属说明：曾答应%(name)s“%(what)s”") % names,
        note=_("本人已故。请问家属是否还需要，需要的另外记下。"),
        by=by,
    )


def follow_home(person: int, by: User | None) -> None:
    """Take what is open about somebody who moved to their new door."""
    home = Person.objects.select_related("home").get(pk=person).home
    for rows in (
        Visit.objects.filter(person=person, state=VisitState.PLANNED),
        Promise.objects.filter(person=person, state=PromiseState.OPEN),
        FeedbackRequest.objects.filter(person=person, state=FeedbackState.OPEN),
    ):
        tasks = list(rows.filter(task__isnull=False).values_list("task", flat=True))
        take_along(Task.objects.filter(pk__in=tasks), home, by)
        rows.update(place=home, scope_path=home.path)


def switch_plans_off(rows: QuerySet[CarePlan], ending: Ending) -> None:
    """Switch off the plans of a place that is withdrawn."""
    for plan in rows:
        switch_plan(plan=plan, on=False, people=0, of=0, confirmed=None, by=ending.by)


def call_off_bereavement(person: int, by: User | None) -> None:
    """Call off the visits to a family because somebody had died who has not."""
    rows = Visit.objects.filter(occasion=f"died:{person}", state=VisitState.PLANNED)
    for visit in rows.select_related("person", "place", "task"):
        stop_visit(visit=visit, reason=_("登记已撤销"), by=by)
        # Free for the day on which it is true.
        Visit.objects.filter(pk=visit.pk).update(occasion=f"called-off:{visit.pk}")
