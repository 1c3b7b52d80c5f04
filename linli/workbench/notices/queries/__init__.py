"""Reading notices: who is told, who was told, read and answered, what needs a person."""

from linli.workbench.notices.queries.audience import People, people_of, people_told
from linli.workbench.notices.queries.notices import (
    DeliveryCounts,
    call_list,
    channels_here,
    counts_of,
    counts_of_many,
    deliveries_about,
    deliveries_of,
    delivery_by_token,
    delivery_or_not_found,
    groups_here,
    inbox_of,
    notice_or_not_found,
    notices,
    numbers_by_state,
    oldest_waiting,
    own_message,
    templates_here,
    to_settle,
    unread,
    waiting_without_a_way,
)

__all__ = [
    "DeliveryCounts", "People", "call_list", "channels_here", "counts_of", "counts_of_many",
    "deliveries_about", "deliveries_of", "delivery_by_token", "delivery_or_not_found",
    "groups_here", "inbox_of", "notice_or_not_found", "notices", "numbers_by_state",
    "oldest_waiting", "own_message", "people_of", "people_told", "templates_here", "to_settle",
    "unread", "waiting_without_a_way",
]  # fmt: skip
