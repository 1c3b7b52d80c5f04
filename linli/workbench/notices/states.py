"""Who acts in which state."""

from __future__ import annotations

from linli.core.states import Ends, Shown, Waits, declare_states

_TO_CALL = Shown("notices.calls", "one list of calls for whoever may send; a task each would flood")
_TO_SETTLE = Shown("notices", "counted on 今日 for whoever may send; a person decides about each")

declare_states(
    "notices.notice",
    "state",
    {"open": Waits("its deliveries", job="notices.send"), "stopped": Ends()},
)
declare_states(
    "notices.delivery",
    "state",
    {
        "queued": Waits("the next run", job="notices.send"),
        "sending": Waits("the gateway; lost ones become unknown", job="notices.send"),
        "sent": Ends(),
        "failed": _TO_SETTLE,
        "unknown": _TO_SETTLE,
        "to_call": _TO_CALL,
        "reached": Ends(),
        "not_reached": _TO_CALL,
        "stopped": Ends(),
    },
)
declare_states(
    "notices.channelsetting",
    "down_since",
    {"set": Waits("it is tried again and again, and shown on its page", job="notices.send")},
)
