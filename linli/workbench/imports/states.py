"""Who acts in which state."""

from __future__ import annotations

from linli.core.states import Ends, Shown, Waits, declare_states

_UPLOADED = Shown("imports", "whoever uploaded it goes on when they like; nobody else waits for it")

declare_states(
    "imports.batch",
    "state",
    {
        "read": _UPLOADED,
        "previewing": Waits("the run under way"),
        "previewed": _UPLOADED,
        "applying": Waits("the run under way"),
        "applied": Ends(),
        "undone": Ends(),
        "dropped": Ends(),
    },
)
declare_states(
    "imports.importrow",
    "fate",
    {
        "new": Ends(),
        "changed": Ends(),
        "unchanged": Ends(),
        "refused": Shown("imports", "rows to mend go back as a file to whoever uploaded them"),
    },
)
