"""What people do with forms: bring, confirm, ask for what is missing, hand in, issue."""

from linli.capabilities.forms.actions.asking import (
    answer_blank,
    ask_for_blanks,
    close_known_blanks,
)
from linli.capabilities.forms.actions.bringing import (
    bring_form,
    confirm_form,
    drop_form,
)
from linli.capabilities.forms.actions.handing_in import (
    accept_form,
    hand_in_form,
    open_hand_in,
    return_form,
    take_filled,
)
from linli.capabilities.forms.actions.issuing import issue_form

__all__ = [
    "accept_form", "answer_blank", "ask_for_blanks", "bring_form", "close_known_blanks",
    "confirm_form", "drop_form", "hand_in_form", "issue_form", "open_hand_in", "return_form",
    "take_filled",
]  # fmt: skip
