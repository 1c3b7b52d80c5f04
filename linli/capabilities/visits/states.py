"""Who acts in which state."""

from __future__ import annotations

from linli.core.states import Acts, Ends, declare_states

declare_states(
    "visits.visit",
    "state",
    {
        "planned": Acts("visits.visit"),
        "done": Ends(),
        "stopped": Ends(),
        "disputed": Acts("visits.disputed"),
        "not_made": Ends(),
    },
)
declare_states(
    "visits.promise",
    "state",
    {"open": Acts("visits.promise"), "kept": Ends(), "broken": Ends(), "withdrawn": Ends()},
)
declare_states(
    "visits.feedbackrequest",
    "state",
    {"open": Acts("visits.ask"), "answered": Ends(), "declined": Ends(), "expired": Ends()},
)
