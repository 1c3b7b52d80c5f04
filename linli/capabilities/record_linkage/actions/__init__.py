"""What people do with a department's list: bring, choose, decide, write, take back."""

from linli.capabilities.record_linkage.actions.apply import (
    apply_run,
    begin_undo,
    begin_writing,
    undo_run,
)
from linli.capabilities.record_linkage.actions.decide import (
    add_all_new,
    answer_row,
    choose_difference,
    choose_for_column,
)
from linli.capabilities.record_linkage.actions.upload import (
    bring_list,
    choose_columns,
    drop_list,
    keep_matches,
    may_fuse,
    purge_lists,
    stop_run,
)

__all__ = [
    "add_all_new",
    "answer_row",
    "apply_run",
    "begin_undo",
    "begin_writing",
    "bring_list",
    "choose_columns",
    "choose_difference",
    "choose_for_column",
    "drop_list",
    "keep_matches",
    "may_fuse",
    "purge_lists",
    "stop_run",
    "undo_run",
]
