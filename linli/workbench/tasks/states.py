"""Who acts in which state."""

from __future__ import annotations

from linli.core.states import Ends, Waits, declare_states

_TASK = Waits("its seat; it is the task itself, and goes up when late", job="tasks.escalate")

declare_states(
    "tasks.task",
    "state",
    {"open": _TASK, "accepted": _TASK, "done": Ends(), "refused": Ends(), "cancelled": Ends()},
)
