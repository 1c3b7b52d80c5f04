"""The inbox for programs: what the token's post must do, by door."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from ninja import Query, Router, Schema

from linli.core.errors import NotFound
from linli.core.interface.api_schemas import Paging, answers
from linli.core.scope import current_scope
from linli.register.posts.models import User
from linli.workbench.read_budget.actions import note_read
from linli.workbench.tasks.queries import inbox

router = Router()


class TaskOut(Schema):
    """One task; ``points`` orders tasks and says nothing of whoever does them."""

    id: int
    kind: str
    title: str
    state: str
    due_on: date | None
    points: int
    reasons: list[str]


class DoorOut(Schema):
    """Everything due at one door."""

    place_id: int
    address: str
    tasks: list[TaskOut]


class InboxOut(Schema):
    """One page of doors, the most urgent first."""

    total: int
    late: int
    offset: int
    doors: list[DoorOut]


@router.get("", response=answers(InboxOut), url_name="tasks")
def my_tasks(request: HttpRequest, asked: Query[Paging]) -> InboxOut:
    """Return the inbox of this post, by door."""
    user = User.objects.filter(pk=current_scope().user_id or 0).first()
    if user is None:
        raise NotFound()
    mine = inbox(user)
    page = mine.doors[asked.offset : asked.offset + asked.limit]
    note_read((pk for door in page for pk in door.people), assigned=True)
    doors = [
        DoorOut(
            place_id=door.place_id,
            address=door.address,
            tasks=[
                TaskOut(
                    id=line.pk,
                    kind=line.kind,
                    title=line.title,
                    state=line.state,
                    due_on=line.due_on,
                    points=line.points,
                    reasons=list(line.reasons),
                )
                for line in door.lines
            ],
        )
        for door in page
    ]
    return InboxOut(total=mine.total, late=mine.late, offset=asked.offset, doors=doors)
