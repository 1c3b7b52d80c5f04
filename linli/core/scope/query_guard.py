"""No query leaves the ORM that the scope cannot see: made by hand, in raw fragments, elsewhere."""

from __future__ import annotations

from typing import Any

from django.db.models.expressions import RawSQL
from django.db.models.sql import Query
from django.db.models.sql.where import ExtraWhere

from linli.core.scope.active import NoScope, RawSqlRefused, is_guard_off
from linli.core.scope.models import ScopedModel
from linli.core.scope.queries import check_same_scope


def refuse_what_the_scope_cannot_see() -> None:
    """Check every SELECT at the moment its SQL is made, and take raw fragments out of the ORM."""
    make_compiler = Query.get_compiler

    def get_compiler(query: Query, *args: Any, **kwargs: Any) -> Any:
        check_same_scope(query)
        model: Any = query.model
        scoped = model is not None and issubclass(model, ScopedModel)
        # Django itself makes plain queries only for changes of rows it has already read.
        if scoped and type(query) is Query and not is_guard_off():
            raise NoScope(f"a query on {model.__name__} made by hand, past its manager")
        return make_compiler(query, *args, **kwargs)

    setattr(Query, "get_compiler", get_compiler)  # noqa: B010 - typed differently
    for owner, name in ((RawSQL, "as_sql"), (ExtraWhere, "as_sql"), (Query, "add_extra")):
        _refuse(owner, name)


def _refuse(owner: type, name: str) -> None:
    original = getattr(owner, name)

    def run(*args: Any, **kwargs: Any) -> Any:
        if not is_guard_off():
            raise RawSqlRefused("RawSQL and extra() are not used: they do not know the scope")
        return original(*args, **kwargs)

    setattr(owner, name, run)
