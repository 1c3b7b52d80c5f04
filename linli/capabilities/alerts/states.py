"""Who acts in which state."""

from __future__ import annotations

from linli.core.states import Acts, Ends, Waits, declare_states

_RESPOND = Acts("alerts.respond")

declare_states(
    "alerts.alert",
    "state",
    {
        "open": _RESPOND,
        "heard": _RESPOND,
        "done": Ends(),
        "false": Ends(),
        "cleared": Ends(),
        "moved": Waits("the new day, when it is raised again", job="alerts.run"),
    },
)
declare_states(
    "facilities.duty",
    "due_on",
    {"set": Acts("alerts.respond", but="a kind of duty that no rule watches: facilities.list")},
)
