"""Who acts in which state."""

from __future__ import annotations

from linli.core.states import Ends, Shown, declare_states

declare_states(
    "posts.secondfactorreset",
    "agreed_at",
    {"empty": Shown("posts.posts", "any second officer may agree; else it lapses"), "set": Ends()},
)
