"""How long keys are kept, what a key looks like, and how an arrival ends."""

from __future__ import annotations

import re

from linli.core.rules import rule

LONGEST_KEY, LONGEST_ADDRESS = 40, 300
# Twice as long as a browser keeps what was typed: no draft outlives the memory of its key.
KEPT_DAYS, DRAFT_DAYS = 14, 7
_KEY = re.compile(r"[A-Za-z0-9_-]{16,40}")
# What a page writes by itself, anew each time it is opened: no part of what somebody typed.
NOT_TYPED = frozenset({"csrfmiddlewaretoken", "submission", "shown", "form_token", "client_id"})
REFUSED_FROM, BROKEN_FROM = 400, 500


def is_key(text: str) -> bool:
    """Can this be the key of a form?"""
    return bool(_KEY.fullmatch(text))


def is_typed(name: str) -> bool:
    """Does this field hold what somebody typed? The prefix of a form on the page does not count."""
    return name.rsplit("-", 1)[-1] not in NOT_TYPED


@rule(
    says="同一份表单送来几次都只记一次；没办成的不算送到，可以再送",
    source="设计：楼道里没信号，手机会重发；一件事不能记两遍，也不能丢",
    since="2026-12-01",
    examples=(
        ({"status": 302, "stored": True, "warned": False}, "accepted"),
        ({"status": 200, "stored": True, "warned": False}, "accepted"),
        ({"status": 422, "stored": True, "warned": False}, "partly"),
        ({"status": 422, "stored": False, "warned": False}, "refused"),
        ({"status": 302, "stored": False, "warned": True}, "refused"),
        ({"status": 302, "stored": False, "warned": False}, "moved"),
        ({"status": 200, "stored": False, "warned": False}, "shown"),
        ({"status": 503, "stored": False, "warned": False}, ""),
    ),
)
def outcome_of(*, status: int, stored: bool, warned: bool) -> str:
    """Return how a form ended that was answered so; nothing where it may simply be sent again."""
    if stored:
        return "accepted" if status < REFUSED_FROM else "partly"
    if status >= REFUSED_FROM:
        return "" if status >= BROKEN_FROM else "refused"
    if warned:
        return "refused"
    return "moved" if status >= 300 else "shown"
