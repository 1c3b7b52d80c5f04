"""What is done to many alerts at once: each by the verb of one, its own or that of its task."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.capabilities.alerts import actions
from linli.capabilities.alerts.forms import FalseAlarmForm, FinishManyForm
from linli.capabilities.alerts.models import Alert
from linli.capabilities.alerts.queries import alerts, note_named
from linli.capabilities.alerts.queries.alert_closure import closing_of
from linli.capabilities.alerts.queries.alert_list import listed
from linli.core.errors import Refused
from linli.core.interface.bulk import BulkRow
from linli.register.posts.models import User
from linli.workbench.tasks import bulk_verbs
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.terms import UNFINISHED


def found(query: QueryDict) -> list[int]:
    """Return the keys of everything the list of alerts finds."""
    return list(listed(query).rows.values_list("pk", flat=True))


def rows(keys: Sequence[int]) -> list[BulkRow]:
    """Return the alerts that were ticked and that this post may see, in their order."""
    by_key = {alert.pk: alert for alert in alerts().filter(pk__in=keys)}
    note_named(by_key.values())
    return [
        BulkRow(
            key=pk,
            record=by_key[pk],
            label=by_key[pk].name,
            note=by_key[pk].line,
            href=reverse("alerts:alert", args=[pk]),
        )
        for pk in keys
        if pk in by_key
    ]


def _task(alert: Alert) -> Task:
    if alert.task is None or alert.task.state not in UNFINISHED:
        words = {"state": alert.get_state_display()}
        raise Refused("alert.ended", _("这次吹哨已经是“%(state)s”") % words)
    task: Task = alert.task
    return task


def hand_over_form(records: Sequence[Alert], data: Any) -> forms.Form:
    """Ask to which post, and why."""
    tasks = [one.task for one in records if one.task is not None and one.task.state in UNFINISHED]
    return bulk_verbs.HandOverManyForm(tasks, data)


def finish_form(records: Sequence[Alert], data: Any) -> forms.Form:
    """Ask on which day it was done and what came of it, and how somebody was reached."""
    closings = [closing_of(alert) for alert in records]
    return FinishManyForm(data, asks_channel=any(one and one.is_contact for one in closings))


def false_form(records: Sequence[Alert], data: Any) -> forms.Form:
    """Ask why they were wrong."""
    return FalseAlarmForm(data)


def accept(*, record: Alert, given: dict[str, Any], by: User) -> str:
    """Take the task of an alert."""
    return bulk_verbs.accept(record=_task(record), given=given, by=by)


def hand_over(*, record: Alert, given: dict[str, Any], by: User) -> str:
    """Give the task of an alert to the post that was chosen."""
    return bulk_verbs.hand_over(record=_task(record), given=given, by=by)


def remind(*, record: Alert, given: dict[str, Any], by: User) -> str:
    """Remind whoever has the task of an alert."""
    return bulk_verbs.remind(record=_task(record), given=given, by=by)


def finish(*, record: Alert, given: dict[str, Any], by: User) -> str:
    """Write down what an alert was raised for; where words are enough, its task is done."""
    closing = closing_of(record)
    if closing is None:
        bulk_verbs.finish(record=_task(record), given=given, by=by)
    elif closing.asks_next_date:
        raise Refused("alert.next", _("要写新的日期，各件不同"), hint=_("请打开它，点“办好了”"))
    else:
        channel = given.get("channel", "") if closing.is_contact else ""
        outcome = actions.Outcome(given["done_on"], given["result"], channel=channel)
        actions.finish_alert(alert=record, outcome=outcome, by=by)
    return ""


def call_false(*, record: Alert, given: dict[str, Any], by: User) -> str:
    """Say that an alert was wrong."""
    actions.call_false(alert=record, reason=given["reason"], by=by)
    return ""
