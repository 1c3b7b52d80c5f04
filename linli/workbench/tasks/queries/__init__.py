"""Reading tasks: whose they are, what is due, where nobody answers."""

from linli.workbench.tasks.queries.calendar import calendar, unknown_year_ahead
from linli.workbench.tasks.queries.gaps import (
    Estates,
    Gap,
    UnattendedSeat,
    empty_posts,
    estates,
    gaps,
    unattended,
)
from linli.workbench.tasks.queries.inbox import Inbox, InboxDoor, InboxLine, inbox, line_of
from linli.workbench.tasks.queries.seats import (
    Seat,
    held_now,
    holders,
    is_mine,
    my_places,
    seat_for,
    seat_for_record,
    seat_up,
    seats_for_choice,
    still_holds,
    users_at,
)
from linli.workbench.tasks.queries.tasks import (
    days_late,
    hidden_tasks,
    open_tasks_about,
    task_or_not_found,
    tasks,
    tasks_about,
)

__all__ = [
    "Estates",
    "Gap",
    "Inbox",
    "InboxDoor",
    "InboxLine",
    "Seat",
    "UnattendedSeat",
    "calendar",
    "days_late",
    "empty_posts",
    "estates",
    "gaps",
    "held_now",
    "hidden_tasks",
    "holders",
    "inbox",
    "is_mine",
    "line_of",
    "my_places",
    "open_tasks_about",
    "seat_for",
    "seat_for_record",
    "seat_up",
    "seats_for_choice",
    "still_holds",
    "task_or_not_found",
    "tasks",
    "tasks_about",
    "unattended",
    "unknown_year_ahead",
    "users_at",
]
