"""What people do with notices: tell, stop, settle, call, answer; templates and channels."""

from linli.workbench.notices.actions.call_list import note_call, show_number, take_call_sheet
from linli.workbench.notices.actions.confidentiality import hide_notices
from linli.workbench.notices.actions.replies import answer_notice
from linli.workbench.notices.actions.resolve_unknown import call_instead, settle_unknown
from linli.workbench.notices.actions.send import (
    check_words,
    may_send,
    send_notice,
    stop_notice,
    tell_condition,
    text_for,
    try_notice,
)
from linli.workbench.notices.actions.setup import (
    end_template,
    may_set_channels,
    may_write_templates,
    save_channel,
    save_template,
    set_success_rule,
    switch_channel,
    test_channel,
)
from linli.workbench.notices.recipients import Recipient

__all__ = [
    "Recipient",
    "answer_notice",
    "call_instead",
    "check_words",
    "end_template",
    "hide_notices",
    "may_send",
    "may_set_channels",
    "may_write_templates",
    "note_call",
    "save_channel",
    "save_template",
    "send_notice",
    "set_success_rule",
    "settle_unknown",
    "show_number",
    "stop_notice",
    "switch_channel",
    "take_call_sheet",
    "tell_condition",
    "test_channel",
    "text_for",
    "try_notice",
]
