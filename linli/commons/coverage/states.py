"""Who acts in which state."""

from __future__ import annotations

from linli.core.states import Ends, Shown, declare_states

_TO_REACH = Shown("canvasses.list", "thousands of doors: the canvass is the list, by day and floor")

declare_states(
    "coverage.coveragerow",
    "result",
    {
        "waiting": _TO_REACH,
        "absent": _TO_REACH,
        "reached": Ends(),
        "refused": Ends(),
        "moved": Ends(),
    },
)
declare_states(
    "coverage.coverage",
    "closed_on",
    {
        "empty": Shown("canvasses.list", "whoever began it ends it; its day stands in the list"),
        "set": Ends(),
    },
)
