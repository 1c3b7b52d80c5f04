"""Registering, moving in and out, and death."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.database.path_dependencies import take_along
from linli.core.endings import PERSON, end_what_points_at, tell_moved
from linli.core.errors import Refused
from linli.core.time import today
from linli.register.people.actions.contact import contact_by_facts
from linli.register.people.actions.departures import remember_departure
from linli.register.people.actions.stays import (
    check_dwelling,
    check_household,
    close_home,
    locked,
    open_stay,
    refused_when_doubled,
)
from linli.register.people.household_aggregates import recount
from linli.register.people.models import Household, Person, Residence
from linli.register.people.normalise import prepare
from linli.register.people.reversal import Recording
from linli.register.people.terms import NOT_LIVING_HERE, PersonStatus, Relation
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.register.posts.rules import MAY_EDIT_PEOPLE

may_edit_people = role_in(MAY_EDIT_PEOPLE)


@action(
    "person.register",
    term=gettext_noop("登记居民"),
    may=may_edit_people,
    journal="person.registered",
)
def register_person(
    *,
    dwelling: Place,
    facts: Mapping[str, Any],
    household: Household | None = None,
    source: str,
    confirmed_on: date | None,
    by: User | None,
) -> Person:
    """Register somebody who lives in a dwelling; without a household they begin one."""
    check_dwelling(dwelling)
    check_household(household, dwelling)
    prepared = prepare({"name": "", **facts})
    _check_day(confirmed_on)
    household = household or _new_household(dwelling, source, confirmed_on)
    person = Person(
        **{
            "source": source,
            "confirmed_on": confirmed_on,
            "confirmed_by": by,
            # After the stamp, because facts may bring a source of their own.
            **prepared,
            "home": dwelling,
            "household": household,
            "scope_path": dwelling.path,
        }
    )
    with refused_when_doubled():
        person.save()
    if person.relation_to_head == Relation.HEAD and household.head_id is None:
        household.head = person
        household.save(update_fields=["head", "changed_at"])
    open_stay(person, dwelling=dwelling, household=household, from_date=person.lives_since)
    recount(households=[household.pk], dwellings=[dwelling.pk], on=today())
    write_journal("person.registered", about=person, text=_("登记在%s") % dwelling, by=by)
    contact_by_facts(person=person, source=source, on=confirmed_on or today(), by=by)
    return person


def _check_day(day: date | None) -> None:
    if day is not None and day > today():
        raise Refused("person.future", _("日期在将来"), "on")


def _new_household(dwelling: Place, source: str, confirmed_on: date | None) -> Household:
    household = Household(
        dwelling=dwelling, source=source, confirmed_on=confirmed_on, scope_path=dwelling.path
    )
    household.save()
    return household


@action("person.move_in", term=gettext_noop("迁入"), may=may_edit_people, journal="person.moved_in")
def move_in(
    *,
    person: Person,
    dwelling: Place,
    on: date,
    household: Household | None = None,
    tenure: str = "",
    by: User | None,
) -> Person:
    """Let somebody who had moved out live here again, with all that is known of them."""
    person = locked(person)
    if person.status != PersonStatus.MOVED_OUT:
        raise Refused("person.not_away", _("这位居民没有迁出，请用“搬家”"))
    _check_day(on)
    _come_to_live(person)
    settle(person, dwelling, household, on, tenure)
    recount(households=[person.household_id], dwellings=[dwelling.pk], on=on)
    write_journal("person.moved_in", about=person, text=_("迁入%s") % dwelling, by=by)
    return person


@action(
    "person.move_out", term=gettext_noop("迁出"), may=may_edit_people, journal="person.moved_out"
)
def move_out(*, person: Person, on: date, to: str = "", by: User | None) -> Person:
    """Record that somebody lives here no more; ``to`` says where they went, if known."""
    return _leave(
        person, on, PersonStatus.MOVED_OUT, "person.moved_out", _("迁出%s") % (to or ""), by
    )


@action(
    "person.record_death", term=gettext_noop("登记身故"), may=may_edit_people, journal="person.died"
)
def record_death(*, person: Person, on: date, by: User | None) -> Person:
    """Record a death: the stay ends, the household is counted again, the record remains."""
    return _leave(person, on, PersonStatus.DIED, "person.died", _("登记身故"), by)


def _leave(
    person: Person, on: date, status: PersonStatus, kind: str, text: str, by: User | None
) -> Person:
    person = locked(person)
    if person.status != PersonStatus.CURRENT:
        raise Refused(
            "person.not_here", _("这位居民的状态是“%s”") % PersonStatus(person.status).label
        )
    _check_day(on)
    recording = Recording([person.pk], [])
    close_home(person, on)
    household, dwelling = person.household_id, person.home_id
    # The home stays: its path says in whose scope the record lies.
    person.household = None
    person.status, person.status_since = status, on
    person.save()
    recount(households=[household], dwellings=[dwelling], on=on)
    remember_departure(person, recording.memory())
    reason = _("居民%s") % PersonStatus(status).label
    end_what_points_at(PERSON, [person.pk], reason=reason, by=by, how=status)
    write_journal(kind, about=person, text=text, by=by)
    return person


@action(
    "person.move_home", term=gettext_noop("搬家"), may=may_edit_people, journal="person.moved_home"
)
def move_home(
    *,
    person: Person,
    dwelling: Place,
    on: date,
    household: Household | None = None,
    tenure: str = "",
    by: User | None,
) -> Person:
    """Move somebody from one dwelling of the scope to another, in one step."""
    person = locked(person)
    if person.status != PersonStatus.CURRENT:
        raise Refused("person.not_here", _("这位居民不在住，请用“迁入”"))
    if person.home_id == dwelling.pk:
        raise Refused("residence.same", _("已经住在“%(place)s”") % {"place": dwelling}, "home")
    _check_day(on)
    old_household, old_dwelling = person.household_id, person.home
    close_home(person, on)
    _come_to_live(person)
    settle(person, dwelling, household, on, tenure)
    recount(
        households=[old_household, person.household_id],
        dwellings=[old_dwelling.pk, dwelling.pk],
        on=on,
    )
    tell_moved(PERSON, person.pk, by=by)
    text = _("从%(old)s搬到%(new)s") % {"old": old_dwelling, "new": dwelling}
    write_journal("person.moved_home", about=person, text=text, by=by)
    return person


def _come_to_live(person: Person) -> None:
    """Whoever moves in lives there: that only the registered household is here holds no more."""
    if person.residence_status in NOT_LIVING_HERE:
        person.residence_status = ""


def settle(
    person: Person, dwelling: Place, household: Household | None, on: date, tenure: str
) -> None:
    """Make a dwelling the home of somebody who has none, and take along what hangs on them."""
    check_dwelling(dwelling)
    check_household(household, dwelling)
    joins = household is not None
    person.household = household or _new_household(dwelling, person.source, on)
    person.home, person.scope_path = dwelling, dwelling.path
    person.lives_since, person.lease_until = on, None  # the lease was of the old home
    person.tenure = tenure or person.tenure
    # What somebody was to the old head says nothing of the new one.
    person.relation_to_head = "" if joins else Relation.HEAD
    person.status, person.status_since = PersonStatus.CURRENT, on
    with refused_when_doubled():
        person.save()
    take_along(person)
    open_stay(person, dwelling=dwelling, household=person.household, from_date=on)


@action(
    "person.record_stay",
    term=gettext_noop("补登居住"),
    may=may_edit_people,
    journal="person.stay_recorded",
)
def record_stay(
    *,
    person: Person,
    dwelling: Place,
    from_date: date | None,
    to_date: date | None,
    is_home: bool = False,
    tenure: str = "",
    by: User | None,
) -> Residence:
    """Record an earlier home, or a second dwelling that somebody owns or rents."""
    person = locked(person)
    check_dwelling(dwelling)
    if is_home and to_date is None:
        raise Refused("residence.present", _("现住地请用“搬家”登记"), "to_date")
    stay = open_stay(
        person,
        dwelling=dwelling,
        household=None,
        from_date=from_date,
        to_date=to_date,
        is_home=is_home,
    )
    if tenure and tenure != stay.tenure:
        stay.tenure = tenure
        stay.save(update_fields=["tenure"])
    write_journal("person.stay_recorded", about=person, text=_("补登%s") % dwelling, by=by)
    return stay
