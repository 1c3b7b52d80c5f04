"""What people do with forms: bring, confirm, ask for what is missing, hand in, issue."""

from linli.capabilities.form_filling.actions.answers import answer_question, close_known_questions
from linli.capabilities.form_filling.actions.distributions import distribute_form
from linli.capabilities.form_filling.actions.form_returns import (
    Upload,
    accept_form,
    answer_by_itself,
    hand_in_form,
    open_form_return,
    send_back_form,
    take_filled,
)
from linli.capabilities.form_filling.actions.open_questions import ask_open_questions
from linli.capabilities.form_filling.actions.templates import confirm_form, drop_form, upload_form

__all__ = [
    "Upload",
    "accept_form",
    "answer_by_itself",
    "answer_question",
    "ask_open_questions",
    "close_known_questions",
    "confirm_form",
    "distribute_form",
    "drop_form",
    "hand_in_form",
    "open_form_return",
    "send_back_form",
    "take_filled",
    "upload_form",
]
