"""Which rows: the one place that decides (see docs/decisions/0002-scope.md).

Every table about someone or somewhere is a ``ScopedModel`` and carries ``scope_path``. One
``ContextVar`` holds the active scope. Reading or writing without one raises; joins between scoped
tables are restricted in their ON clause, so no relation leads out of the scope. ``system_scope``
is the only way round it: it takes a reason, is logged, and its callers are listed by file.
"""

from linli.core.scope.active import (
    NoScope,
    RawSqlRefused,
    Scope,
    check_write,
    current_scope,
    guard_switched_off_for_negative_control,
    is_guard_off,
    path_q,
    scope_or_none,
    system_scope,
    system_uses,
    use_scope,
)
from linli.core.scope.models import (
    ScopedForeignKey,
    ScopedModel,
    ScopedOneToOneField,
    one_or_not_found,
    scoped_models,
)
from linli.core.scope.queries import ScopedManager, ScopedQuerySet

__all__ = [
    "NoScope",
    "RawSqlRefused",
    "Scope",
    "ScopedForeignKey",
    "ScopedManager",
    "ScopedModel",
    "ScopedOneToOneField",
    "ScopedQuerySet",
    "check_write",
    "current_scope",
    "guard_switched_off_for_negative_control",
    "is_guard_off",
    "one_or_not_found",
    "path_q",
    "scope_or_none",
    "scoped_models",
    "system_scope",
    "system_uses",
    "use_scope",
]
