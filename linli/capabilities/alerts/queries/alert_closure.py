"""What ends an alert besides a tap: the duty done, the next date known, the resident reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from linli.capabilities.alerts.models import Alert
from linli.capabilities.alerts.queries.evaluate import words_now
from linli.capabilities.alerts.terms import LIVE, When
from linli.core.errors import Refused
from linli.register.facilities.actions import DATES
from linli.register.facilities.models import Duty, Facility
from linli.register.facilities.terms import DutyKind
from linli.register.people.models import Person
from linli.workbench.tasks.models import Task

CONTACT, PAPERS = "last_contact_on", "papers_until"


@dataclass(frozen=True)
class Closing:
    """What is to be written down: a duty done, a date of a thing, or that somebody was reached."""

    record: Any
    duty: Duty | None = None
    field: str = ""
    label: str = ""

    @property
    def is_contact(self) -> bool:
        """Does it end when the resident was reached?"""
        return self.field == CONTACT

    @property
    def asks_next_date(self) -> bool:
        """Is the next date asked for, because no cycle tells it?"""
        return self.duty is None and not self.is_contact


def closing_of(alert: Alert) -> Closing | None:
    """Return what ends a waiting alert, None where a result in words is enough.

    A milestone of a life comes by itself: nothing is done that would move it.
    """
    rule = alert.rule
    if alert.state not in LIVE or rule.years:
        return None
    if alert.subject_kind == "facilities.facility" and rule.when in (When.DATE, When.DUTY):
        thing = Facility.objects.filter(pk=alert.subject_id, ended_on__isnull=True).first()
        return _of_facility(alert, thing) if thing is not None else None
    if alert.subject_kind == "people.person" and rule.when == When.SILENCE:
        person = Person.objects.filter(pk=alert.subject_id).first()
        if person is not None and rule.field == CONTACT:
            return Closing(person, field=CONTACT, label=_label(alert))
    return None


def _of_facility(alert: Alert, thing: Facility) -> Closing | None:
    field = alert.rule.field if alert.rule.when == When.DATE else ""
    duties = Duty.objects.filter(facility=thing, ended=False, due_on=alert.day)
    if not field:
        key = alert.thread.rpartition("-")[2]
        duty = duties.filter(pk=int(key)).first() if key.isdigit() else None
        field = "" if alert.thread else "next_inspection_on"
    elif field in ("next_inspection_on", "next_duty_on"):
        inspections = duties.filter(kind=DutyKind.INSPECTION)
        duty = (inspections if field == "next_inspection_on" else duties).first()
    else:
        duty = None
    if duty is not None:
        return Closing(thing, duty=duty, label=duty.name)
    # Only what still says the day of the alert is asked for: else it has moved already.
    if field not in (*DATES, PAPERS) or getattr(thing, field) != alert.day:
        return None
    return Closing(thing, field=field, label=_label(alert, field))


def _label(alert: Alert, field: str = "") -> str:
    key = field or alert.rule.field
    try:
        return _(words_now().field(alert.rule.subject, key).label)
    except Refused:
        return key


def page_of_task(task: Task) -> str:
    """Return where the task of an alert is ended, "" where a result in words is enough."""
    alert = Alert.objects.filter(task=task, state__in=LIVE).select_related("rule").first()
    if alert is None or closing_of(alert) is None:
        return ""
    return reverse("alerts:finish", args=[alert.pk])
