"""Who may take matters in, and who may hand them out."""

from __future__ import annotations

from linli.capabilities.cases import rules
from linli.register.posts.permits import role_in

may_take = role_in(rules.TAKES_CASES)
may_dispatch = role_in(rules.DISPATCHES)
