"""Who acts in which state."""

from __future__ import annotations

from linli.core.states import Ends, Shown, Waits, declare_states

declare_states(
    "retention.dueperson",
    "kept_until",
    {"set": Waits("its day, unless somebody holds it: 今日 shows how many", job="retention")},
)
declare_states(
    "retention.dueperson",
    "error_text",
    {
        "empty": Ends(),
        "set": Shown("retention.list", "what could not be deleted stands there and is tried again"),
    },
)
declare_states(
    "retention.hold",
    "lifted_at",
    {"empty": Waits("the day until which it is held", job="retention"), "set": Ends()},
)
