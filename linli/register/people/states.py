"""Who acts in which state."""

from __future__ import annotations

from linli.core.states import Ends, Waits, declare_states

_LEFT = {"moved_out": Ends(), "died": Ends()}

declare_states("people.person", "status", {"current": Waits("a change in their life"), **_LEFT})
# A departure is written when somebody leaves; "current" is there for the shared list of words.
declare_states("people.departure", "status", {"current": Ends(), **_LEFT})
declare_states(
    "people.person",
    "residence_status",
    # Where somebody lives and is registered: a fact, whose change asks nobody to act.
    dict.fromkeys(("together", "hukou_only", "living_only", "empty_hukou"), Ends()),
)
