"""What happens by itself: the next visits get their day; a great change is heard within minutes."""

from __future__ import annotations

from datetime import date, timedelta

from linli.capabilities.visits.actions import (
    close_feedback_requests,
    frail_since,
    hear_frail,
    plan_visits,
    visit_at_once,
)
from linli.capabilities.visits.actions.plans import PlanningResult
from linli.capabilities.visits.terms import LossOfAbility
from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.people.models import Person, Residence
from linli.register.people.queries import lives_here
from linli.register.people.terms import PersonStatus

LOOK_BACK = 3  # days: what was entered late is still heard


def plan_every_night() -> int:
    """Plan, close old questions; return how many tasks were opened."""
    on = today()
    went = plan_at(on)
    close_feedback_requests(on)
    return went.opened


def plan_at(on: date) -> PlanningResult:
    """Plan as of a day."""
    with system_scope("visits are planned wherever a plan was set"):
        return plan_visits(on=on, by=None)


def hear_changes() -> int:
    """Have those visited within a day whose life has just changed; return how many are new."""
    on = today()
    wanted = 0
    with system_scope("great changes are heard wherever they happen"):
        for occasion, person in _bereaved(on):
            if not _is_known(person, occasion):
                why = str(LossOfAbility.BEREAVED.label)
                visit_at_once(
                    person=person,
                    why=why,
                    change=LossOfAbility.BEREAVED,
                    occasion=occasion,
                    by=None,
                )
                wanted += 1
        frail = frail_since(on)
        if not frail.is_nothing:
            wanted += hear_frail(found=frail, on=on, by=None)
    return wanted


def _is_known(person: Person, occasion: str) -> bool:
    from linli.capabilities.visits.models import Visit

    return bool(Visit.objects.filter(person=person, occasion=occasion).exists())


def _bereaved(on: date) -> list[tuple[str, Person]]:
    """Return who lived with somebody who died in the last days."""
    died = Residence.objects.filter(
        to_date__gte=on - timedelta(days=LOOK_BACK),
        is_home=True,
        household__isnull=False,
        person__status=PersonStatus.DIED,
    ).select_related("person")
    bereaved = []
    for stay in died:
        left = Person.objects.filter(
            lives_here(), household_id=stay.household_id, home__isnull=False
        ).select_related("home")
        occasion = f"died:{stay.person_id}"
        bereaved += [(occasion, person) for person in left]
    return bereaved
