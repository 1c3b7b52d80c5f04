"""What people do with cases, from coming in to the reporter's word."""

from linli.capabilities.cases.actions.categories import (
    add_category,
    bring_taxonomy,
    edit_category,
    load_taxonomy,
)
from linli.capabilities.cases.actions.closing import (
    answer_case,
    close_unanswered,
    give_verdict,
    reopen_case,
    withdraw_case,
    withdraw_report,
)
from linli.capabilities.cases.actions.completion import Finishing, finish_case, finishing_of
from linli.capabilities.cases.actions.forget_reporters import forget_old_reporters, forget_reporters
from linli.capabilities.cases.actions.handling import (
    Share,
    assign_case,
    hear_of_task,
    review_case,
    start_case,
)
from linli.capabilities.cases.actions.merging import merge_cases, unmerge_case
from linli.capabilities.cases.actions.permits import may_dispatch, may_take
from linli.capabilities.cases.actions.register import (
    RegisteredReport,
    Reporter,
    add_report,
    move_case,
    set_category,
    set_confidential,
    show_phone,
    take_case,
)
from linli.capabilities.cases.actions.set_danger import raise_dangers, set_danger
from linli.capabilities.cases.actions.state_tasks import open_missing_tasks

__all__ = [
    "Finishing",
    "RegisteredReport",
    "Reporter",
    "Share",
    "add_category",
    "add_report",
    "answer_case",
    "assign_case",
    "bring_taxonomy",
    "close_unanswered",
    "edit_category",
    "finish_case",
    "finishing_of",
    "forget_old_reporters",
    "forget_reporters",
    "give_verdict",
    "hear_of_task",
    "load_taxonomy",
    "may_dispatch",
    "may_take",
    "merge_cases",
    "move_case",
    "open_missing_tasks",
    "raise_dangers",
    "reopen_case",
    "review_case",
    "set_category",
    "set_confidential",
    "set_danger",
    "show_phone",
    "start_case",
    "take_case",
    "unmerge_case",
    "withdraw_case",
    "withdraw_report",
]
