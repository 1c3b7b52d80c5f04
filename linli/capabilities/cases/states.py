"""Who acts in which state of a case, of a share of it and of a report."""

from __future__ import annotations

from linli.core.states import Acts, Ends, Waits, declare_states

_HANDLE = Acts("cases.handle")

declare_states(
    "cases.case",
    "state",
    {
        "received": Acts("cases.dispatch"),
        "assigned": _HANDLE,
        "accepted": _HANDLE,
        "in_hand": _HANDLE,
        "handled": Acts("cases.answer"),
        "answered": Waits("the reporter's word", job="cases.close_unanswered"),
        "closed": Ends(),
    },
)
declare_states(
    "cases.case",
    "outcome",
    dict.fromkeys(("fixed", "unconfirmed", "cannot", "not_ours", "withdrawn", "merged"), Ends()),
)
declare_states(
    "cases.handling",
    "state",
    {
        "assigned": _HANDLE,
        "accepted": _HANDLE,
        "refused": Ends(),
        "done": Ends(),
        "cancelled": Ends(),
    },
)
declare_states(
    "cases.report",
    "verdict",
    {"fixed": Ends(), "not_fixed": Waits("the case is received again: its state says who acts")},
)
