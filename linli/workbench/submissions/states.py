"""Who acts in which state."""

from __future__ import annotations

from linli.core.states import Ends, Waits, declare_states

declare_states(
    "submissions.submission",
    "state",
    {
        "claimed": Waits("the answer, a moment later; after a crash it counts as accepted"),
        "accepted": Ends(),
        "partly": Ends(),  # whoever sent it is told at once, and what is left is a form of its own
    },
)
