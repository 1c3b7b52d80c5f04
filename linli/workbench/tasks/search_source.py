"""Tasks in the one search: unfinished ones by the words of their title."""

from __future__ import annotations

from django.urls import reverse

from linli.core.interface.shell import SearchHit, SearchHits, first_hits
from linli.workbench.read_budget.actions import note_read
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries import is_mine, tasks
from linli.workbench.tasks.terms import UNFINISHED

MOST_WORDS = 6


def find_tasks(words: str, limit: int) -> SearchHits:
    """Return the unfinished tasks this post may see whose title has every word."""
    rows = tasks().filter(state__in=UNFINISHED).select_related("place")
    for word in words.split()[:MOST_WORDS]:
        rows = rows.filter(title__contains=word)

    def hit(task: Task) -> SearchHit:
        # The title may name whom the task is about; a task of one's own seat means them.
        if task.person_id:
            note_read([task.person_id], assigned=is_mine(task))
        due = f"{task.due_on:%Y-%m-%d}" if task.due_on else ""
        note = " · ".join(part for part in (str(task.place), due) if part)
        href = reverse("tasks:task", args=[task.pk])
        return SearchHit(task.title, href, note, "checklist", is_sure=words == task.title)

    return first_hits(rows.order_by("due_on", "pk"), limit, hit)
