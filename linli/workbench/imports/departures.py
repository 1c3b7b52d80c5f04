"""What a list says of dying and moving becomes a task to look into; nothing else changes."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linli.core.batches import in_batches
from linli.core.personal_data.masking import mask_name
from linli.register.people.models import Person
from linli.register.people.terms import PersonStatus
from linli.register.posts.models import User
from linli.workbench.imports.encrypted_rows import opened_or_none
from linli.workbench.imports.models import Batch, ImportRow
from linli.workbench.tasks.actions import cancel_task, open_task
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.terms import UNFINISHED

TASK_KIND = "imports.departure"


def propose_departures(batch: Batch, by: User) -> int:
    """Open one task for everybody known who, the list says, died or moved away.

    Nobody gets a second one while the first, from another list, is not done.
    """
    rows = ImportRow.objects.filter(batch=batch, has_doubt=True, subject_id__isnull=False)
    told = {row.subject_id: opened_or_none(row.told) or {} for row in rows}
    gone = {person: one["gone"] for person, one in told.items() if one.get("gone")}
    opened = 0
    for keys in in_batches(gone):
        asked = set(_unfinished(person__in=keys).values_list("person_id", flat=True))
        for person in Person.objects.select_related("home").filter(
            pk__in=set(keys) - asked, status=PersonStatus.CURRENT, home__isnull=False
        ):
            status = PersonStatus(gone[person.pk])
            # The title goes further than the record: the name stays covered in it.
            names = {"name": mask_name(person.name), "status": status.label}
            open_task(
                kind=TASK_KIND,
                about=person,
                person=person,
                place=person.home,
                title=_("核实是否%(status)s：%(name)s") % names,
                note=_("表格“%(file)s”这样写，核实后请登记") % {"file": batch.file_name[:60]},
                by=by,
                occasion=f"{batch.pk}:{person.pk}",
            )
            opened += 1
    return opened


def withdraw_departures(batch: Batch, by: User) -> None:
    """Cancel the tasks of a list that is taken back; what was looked into stays done."""
    for task in _unfinished(occasion__startswith=f"{batch.pk}:"):
        cancel_task(task=task, by=by, reason=_("表格“%s”已撤销") % batch.file_name[:60])


def _unfinished(**which: Any) -> QuerySet[Task]:
    return Task.objects.filter(kind=TASK_KIND, state__in=UNFINISHED, **which)
