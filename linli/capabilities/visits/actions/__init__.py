"""What people do about visits: plan, visit, promise, ask; each is one action of the journal."""

from linli.capabilities.visits.actions.answers import (
    answer_feedback,
    decline_feedback,
    follow_asking,
)
from linli.capabilities.visits.actions.disputes import dispute, follow_dispute, settle_dispute
from linli.capabilities.visits.actions.feedback import (
    ask_how_it_was,
    close_feedback_requests,
    expire_feedback,
)
from linli.capabilities.visits.actions.loss_of_ability import frail_since, hear_frail, settle_frail
from linli.capabilities.visits.actions.plans import may_plan, plan_visits, save_plan, switch_plan
from linli.capabilities.visits.actions.promises import (
    break_promise,
    follow_promise,
    keep_promise,
    make_promise,
    withdraw_promise,
)
from linli.capabilities.visits.actions.visits import (
    follow_visit,
    may_visit,
    open_visit_task,
    record_visit,
    stop_visit,
    visit_at_once,
)

__all__ = [
    "answer_feedback",
    "ask_how_it_was",
    "break_promise",
    "close_feedback_requests",
    "decline_feedback",
    "dispute",
    "expire_feedback",
    "follow_asking",
    "follow_dispute",
    "follow_promise",
    "follow_visit",
    "frail_since",
    "hear_frail",
    "keep_promise",
    "make_promise",
    "may_plan",
    "may_visit",
    "open_visit_task",
    "plan_visits",
    "record_visit",
    "save_plan",
    "settle_dispute",
    "settle_frail",
    "stop_visit",
    "switch_plan",
    "visit_at_once",
    "withdraw_promise",
]
