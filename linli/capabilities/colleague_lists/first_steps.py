"""The first week's step about colleagues: is it done?"""

from __future__ import annotations

from linli.core.scope import Scope
from linli.register.posts import first_steps


def has_colleagues(scope: Scope) -> bool:
    """Does somebody else hold a post here?"""
    return first_steps.has_colleagues(scope)
