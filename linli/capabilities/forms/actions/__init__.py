"""What people do with forms: bring, confirm, ask for what is missing, hand in, issue."""

from linli.capabilities.forms.actions.answering import answer_blank, close_known_blanks
from linli.capabilities.forms.actions.asking import ask_for_blanks
from linli.capabilities.forms.actions.bringing import (
    bring_form,
    confirm_form,
    drop_form,
)
from linli.capabilities.forms.actions.handing_in import (
    Upload,
    accept_form,
    answer_by_itself,
    hand_in_form,
    open_hand_in,
    return_form,
    take_filled,
)
from linli.capabilities.forms.actions.issuing import issue_form

__all__ = [
    "Upload", "accept_form", "answer_blank", "answer_by_itself", "ask_for_blanks",
    "bring_form", "close_known_blanks", "confirm_form", "drop_form", "hand_in_form", "issue_form",
    "open_hand_in", "return_form", "take_filled",
]  # fmt: skip
