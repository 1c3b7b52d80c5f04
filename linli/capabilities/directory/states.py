"""Who acts in which state."""

from __future__ import annotations

from linli.core.states import Acts, Ends, declare_states

_COME_BACK = Acts("directory.follow_up")

declare_states(
    "directory.referral",
    "state",
    {
        "proposed": _COME_BACK,
        "accepted": _COME_BACK,
        "refused": _COME_BACK,
        "done": Ends(),
        "withdrawn": Ends(),
    },
)
