"""What is done to many cases at once: what each waits for is handed over or reminded of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.capabilities.cases.models import Case
from linli.capabilities.cases.queries import cases
from linli.capabilities.cases.queries.case_list import listed
from linli.core.errors import Refused
from linli.core.interface.bulk import BulkRow
from linli.register.posts.models import User
from linli.workbench.tasks import bulk_verbs
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries import open_tasks_about


def found(query: QueryDict) -> list[int]:
    """Return the keys of everything the list of cases finds."""
    asked = listed(query)
    # How many were finished is told nowhere (decision 0019).
    return [] if asked.view == "closed" else list(asked.shown.values_list("pk", flat=True))


def rows(keys: Sequence[int]) -> list[BulkRow]:
    """Return the cases that were ticked and that this post may see, in their order."""
    seen = cases().select_related("place", "category").filter(pk__in=keys)
    by_key = {case.pk: case for case in seen}
    return [
        BulkRow(
            key=pk,
            record=by_key[pk],
            label=by_key[pk].title,
            note=f"{by_key[pk].place} · {by_key[pk].get_state_display()}",
            href=reverse("cases:case", args=[pk]),
        )
        for pk in keys
        if pk in by_key
    ]


def _task(case: Case) -> Task:
    """Return the one task a case waits for; of several its page says which is meant."""
    waiting = list(open_tasks_about(case))
    if len(waiting) == 1:
        return waiting[0]
    if waiting:
        raise Refused(
            "case.several_tasks",
            _("这件有%(n)s家在办") % {"n": len(waiting)},
            hint=_("请打开它，看清是哪一家再办"),
        )
    raise Refused("case.no_task", _("这件现在不等谁办"), hint=_("等居民确认，或已经结案"))


def hand_over_form(records: Sequence[Case], data: Any) -> forms.Form:
    """Ask to which post, and why."""
    waiting = [task for case in records for task in open_tasks_about(case)]
    return bulk_verbs.HandOverManyForm(waiting, data)


def hand_over(*, record: Case, given: dict[str, Any], by: User) -> str:
    """Give what a case waits for to the post that was chosen."""
    return bulk_verbs.hand_over(record=_task(record), given=given, by=by)


def remind(*, record: Case, given: dict[str, Any], by: User) -> str:
    """Remind whoever a case waits for."""
    return bulk_verbs.remind(record=_task(record), given=given, by=by)
