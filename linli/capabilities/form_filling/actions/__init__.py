"""What people do with forms: bring, confirm, ask for what is missing, hand in, issue."""

from linli.capabilities.form_filling.actions.answers import answer_blank, close_known_blanks
from linli.capabilities.form_filling.actions.distributions import issue_form
from linli.capabilities.form_filling.actions.form_returns import (
    Upload,
    accept_form,
    answer_by_itself,
    hand_in_form,
    open_hand_in,
    return_form,
    take_filled,
)
from linli.capabilities.form_filling.actions.open_questions import ask_for_blanks
from linli.capabilities.form_filling.actions.templates import bring_form, confirm_form, drop_form

__all__ = [
    "Upload", "accept_form", "answer_blank", "answer_by_itself", "ask_for_blanks",
    "bring_form", "close_known_blanks", "confirm_form", "drop_form", "hand_in_form", "issue_form",
    "open_hand_in", "return_form", "take_filled",
]  # fmt: skip
