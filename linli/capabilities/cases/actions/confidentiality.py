"""A case becomes confidential, or open again: its tasks, entries and notices go with it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.capabilities.cases.models import Case
from linli.register.posts.models import User
from linli.workbench.journal.actions import take_off_places
from linli.workbench.notices.actions import hide_notices
from linli.workbench.tasks.actions import hide_tasks
from linli.workbench.tasks.queries.seats import seat_of_role


def title_of_task(case: Case) -> str:
    """Return what the task of a share is called; a confidential one by its number alone."""
    return _("保密办件 %(number)s") % {"number": case.number} if case.confidential else case.title


def take_tasks_along(case: Case, by: User | None) -> None:
    """Hide or show what was written about a case before its confidentiality changed."""
    hide_tasks(
        about=case,
        title=title_of_task(case),
        hidden=case.confidential,
        by=by,
        # Follow-ups that are nobody's share go to the secretary, who may see the case.
        seat=seat_of_role("secretary", case.place),
    )
    hide_notices(about=case, hidden=case.confidential, by=by)
    if case.confidential:
        take_off_places(about=case, by=by)
