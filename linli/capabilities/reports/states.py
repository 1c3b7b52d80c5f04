"""Who acts in which state."""

from __future__ import annotations

from linli.core.states import Acts, Ends, Waits, declare_states

declare_states(
    "reports.exportrequest",
    "state",
    {
        "waiting": Acts("reports.consent"),
        "ready": Waits("whoever asked fetches it, or the consent runs out"),
        "refused": Ends(),
        "taken": Ends(),
    },
)
