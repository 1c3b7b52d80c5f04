"""What people do with tasks; each verb in the room of its case."""

from linli.workbench.tasks.actions.escalate import (
    escalate_dangers,
    escalate_late_tasks,
    escalate_task,
)
from linli.workbench.tasks.actions.news import mark_danger, tell_news
from linli.workbench.tasks.actions.open import hide_tasks, may_open, open_task
from linli.workbench.tasks.actions.remind import may_remind, remind_task
from linli.workbench.tasks.actions.reseat import move_tasks, raise_tasks, reseat_due
from linli.workbench.tasks.actions.state_tasks import end_state_tasks, end_with_subject
from linli.workbench.tasks.actions.transition_checks import may_work_on
from linli.workbench.tasks.actions.transitions import (
    accept_task,
    cancel_task,
    finish_task,
    hand_over_task,
    refuse_task,
    reopen_task,
)
from linli.workbench.tasks.actions.working_day_plan import (
    enter_year,
    may_set_working_days,
    recount_task,
)

__all__ = [
    "accept_task",
    "cancel_task",
    "end_state_tasks",
    "end_with_subject",
    "enter_year",
    "escalate_dangers",
    "escalate_late_tasks",
    "escalate_task",
    "finish_task",
    "hand_over_task",
    "hide_tasks",
    "mark_danger",
    "may_open",
    "may_remind",
    "may_set_working_days",
    "may_work_on",
    "move_tasks",
    "open_task",
    "raise_tasks",
    "recount_task",
    "refuse_task",
    "remind_task",
    "reopen_task",
    "reseat_due",
    "tell_news",
]
