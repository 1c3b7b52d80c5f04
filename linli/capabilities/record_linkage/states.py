"""Who acts in which state."""

from __future__ import annotations

from linli.core.states import Ends, Shown, Waits, declare_states

_BROUGHT = Shown("record_linkage.all", "whoever brought the list goes on; nobody else waits for it")
_RUNS = Waits("the worker", job="record_linkage.work")

declare_states(
    "record_linkage.linkagerun",
    "state",
    {
        "read": _BROUGHT,
        "matching": _RUNS,
        "matched": _BROUGHT,
        "applying": _RUNS,
        "applied": Ends(),
        "undoing": _RUNS,
        "undone": Ends(),
        "dropped": Ends(),
    },
)
declare_states(
    "record_linkage.difference",
    "outcome",
    {
        "written": Ends(),
        "changed": Shown("record_linkage.all", "the run names them; whoever brought it compares"),
    },
)
