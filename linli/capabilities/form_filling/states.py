"""Who acts in which state."""

from __future__ import annotations

from linli.core.states import Acts, Ends, Shown, declare_states

_FILL = Acts(
    "form_filling.fill", but="one somebody made for themselves stands on their page; they are told"
)

declare_states(
    "form_filling.forminstance",
    "state",
    {
        "read": Shown("form_filling.all", "whoever brought the table goes on when they like"),
        "open": _FILL,
        "handed_in": Acts("form_filling.decide", but="one of one's own: nobody here accepts it"),
        "accepted": Ends(),
        "returned": _FILL,
        "dropped": Ends(),
    },
)
declare_states(
    "form_filling.openquestion",
    "state",
    {"open": Acts("form_filling.ask"), "answered": Ends(), "cannot": Ends(), "dropped": Ends()},
)
