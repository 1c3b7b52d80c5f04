"""The inbox, and one task."""

from __future__ import annotations

import contextlib
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.core.errors import NotFound
from linli.core.interface.record_lists import ListColumn, ListRow, RecordList, sorting
from linli.core.interface.registry import record_address
from linli.core.interface.view_models import Cell, Tab
from linli.core.scope import current_scope
from linli.core.time import due_words, today
from linli.register.posts.queries import signed_in
from linli.register.posts.terms import Role
from linli.workbench.read_budget.actions import note_read
from linli.workbench.read_budget.call_page import may_call
from linli.workbench.tasks.actions import may_remind, may_work_on
from linli.workbench.tasks.actions.transition_checks import taker
from linli.workbench.tasks.kinds import KINDS, ends_with_subject, is_taken_back_here
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries import (
    Inbox,
    InboxDoor,
    InboxLine,
    Seat,
    danger_words,
    days_late,
    days_left,
    holders,
    inbox,
    is_mine,
    line_of,
    page_of_subject,
    task_or_not_found,
    with_subjects,
)
from linli.workbench.tasks.queries.seats import seat_of_role
from linli.workbench.tasks.rules import MAY_WORK
from linli.workbench.tasks.terms import UNFINISHED

A_PAGE = 50
FILTERS = ("", "late", "today", "mine", "raised")


@login_required
@never_cache
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Show what my posts must do, by door."""
    if current_scope().role not in MAY_WORK:
        raise NotFound()
    only = request.GET.get("only", "")
    only = only if only in FILTERS else ""
    mine = inbox(signed_in(request), only=only, by_matter=True)
    asked = sorting(request.GET, COLUMNS)
    page = Paginator(asked.sorted(mine.lines), A_PAGE).get_page(request.GET.get("page"))
    note_read((line.person_id for line in page if line.person_id is not None), assigned=True)
    shown = InboxDoor(0, "", "", list(page))
    with_subjects([shown])
    doors = _("%(n)s个门牌，一趟办完") % {"n": len(mine.doors)}
    view = RecordList(
        caption=_("待办") if asked.by else doors,
        sorting=asked,
        rows=[_row(line) for line in shown.lines],
        found=page.paginator.count,
        key="tasks.inbox",
        page=page,
        empty=_("这里没有待办") if only else _("都办完了"),
        empty_note="" if only else _("有新的事情会出现在这里"),
    )
    return render(request, "tasks/inbox.html", {"view": view, "tabs": _tabs(mine, only)})


COLUMNS = (
    ListColumn("title", gettext_lazy("要办的"), order=lambda line: line.title),
    ListColumn("due", gettext_lazy("期限"), order=lambda line: line.due_on),
    ListColumn("place", gettext_lazy("在哪里"), order=lambda line: line.path),
    ListColumn("kind", gettext_lazy("哪一类"), order=lambda line: line.term, extra=True),
    # What somebody needs is shown and not sorted by: a list of the frail is asked for elsewhere.
    ListColumn("needs", gettext_lazy("当事人的需要"), extra=True),
    ListColumn("stands", gettext_lazy("谁在办"), extra=True),
)


def _row(line: InboxLine) -> ListRow:
    cells = {
        "title": Cell(line.title, note=_beside(line), tone="bad" if line.danger else ""),
        "place": line.address,
        "kind": line.term,
        "needs": "、".join(line.needs),
        "stands": line.stands,
        "due": Cell(due_words(line.days_left), tone="bad" if line.is_late else ""),
    }
    return ListRow(line.pk, line.href, cells)


def _beside(line: InboxLine) -> str:
    """Say what threatens whom, where the matter stands, and which shares of it are mine."""
    shares = "、".join(filter(None, (line.share, *line.also))) if line.also else ""
    return " · ".join(filter(None, (line.danger_words, line.subject_state, shares)))


def _tabs(mine: Inbox, only: str) -> list[Tab]:
    labels = {
        "": (_("全部"), mine.total),
        "today": (_("今天"), mine.due_today),
        "late": (_("逾期"), mine.late),
        "raised": (_("下级逾期"), mine.raised),
    }
    here = reverse("tasks:inbox")
    return [
        Tab(label, f"{here}?only={key}" if key else here, current=key == only, count=count)
        for key, (label, count) in labels.items()
    ]


def subject_href(task: Task) -> str:
    """Return the page where a task is done: its own app's, else its subject's file."""
    kind = KINDS.get(task.kind)
    if kind and kind.url_name:
        # The page of the subject, or the list in which it stands.
        for key in ([task.subject_id], []):
            with contextlib.suppress(NoReverseMatch):
                return reverse(kind.url_name, args=key)
        return ""
    return record_address(task.subject_kind, task.subject_id)


def _why_here(task: Task) -> str:
    """Say why a task is with another post than the one that should have it."""
    if not task.is_gap or task.missing_role not in Role.values:
        return ""
    words = {"role": Role(task.missing_role).label}
    if task.excluded_users and not seat_of_role(task.missing_role, task.place).is_gap:
        return _("“%(role)s”没有别人能办：它问的是那里的人自己办的事") % words
    return _("“%(role)s”空着") % words


def _is_here(task: Task) -> bool:
    """Is a task in the hands of whoever looks at it? Then there is nobody to remind."""
    return is_mine(task) and taker(task) is None


@login_required
@never_cache
@require_GET
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one task: what, for whom, by when, whose, and what can be done with it."""
    shown = task_or_not_found(pk)
    if there := page_of_subject(shown):
        return redirect(there)
    kind = KINDS.get(shown.kind)
    seat = Seat(shown.seat_role, shown.seat_place)
    context: dict[str, Any] = {
        "task": shown,
        "term": _(kind.term) if kind else shown.kind,
        "subject_href": subject_href(shown),
        "person_href": record_address("people.person", shown.person_id),
        "place_href": record_address("places.place", shown.place_id),
        "seat": seat,
        "holders": "、".join(holders(seat, shown.excluded_users)),
        "why_here": _why_here(shown),
        "is_own_matter": signed_in(request).pk in shown.excluded_users,
        "late": days_late(shown),
        "days": days_left(shown),
        "may_call": may_call(shown.person),
        "danger": danger_words(shown.danger, shown.danger_since),
        "is_open": shown.state in UNFINISHED,
        "may_work": may_work_on(task=shown),
        # What a leaver had taken is free to be taken.
        "is_free": shown.state in UNFINISHED and taker(shown) is None,
        "subject_only": not is_taken_back_here(shown),
        "ends_by_itself": ends_with_subject(shown),
        "reasons": "、".join(line_of(shown, signed_in(request)).reasons),
        "may_remind": shown.state in UNFINISHED and may_remind(task=shown) and not _is_here(shown),
        "is_reminded": shown.reminded_on == today(),
        "is_taken_by_me": shown.taken_by_id == signed_in(request).pk,
    }
    return render(request, "tasks/task.html", context)
