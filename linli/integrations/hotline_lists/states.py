"""Who acts in which state."""

from __future__ import annotations

from linli.core.states import Ends, Shown, declare_states

_BROUGHT = Shown("hotline_lists.all", "whoever brought it orders it taken; it is purged later")

declare_states(
    "hotline_lists.hotlinelist",
    "state",
    {"looked": _BROUGHT, "taking": _BROUGHT, "taken": Ends(), "dropped": Ends()},
)
