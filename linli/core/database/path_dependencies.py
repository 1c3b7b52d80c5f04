"""Ties: how the path of a row hangs on the path of the row it points at, from the registry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from linli.core.scope import ScopedModel, scoped_models


@dataclass(frozen=True)
class Tie:
    """The path of ``table`` hangs on the path of the row that ``column`` points at."""

    table: str
    column: str
    target: str
    target_key: str
    follows: str

    def broken(self, row: str, *, like: str) -> str:
        """Return the SQL condition that the row ``row`` breaks this tie."""
        fits = "above.scope_path = {row}.scope_path" if self.follows == "equal" else like
        return (
            f'{row}."{self.column}" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "{self.target}"'
            f' AS above WHERE above."{self.target_key}" = {row}."{self.column}"'
            f" AND {fits.format(row=row)})"
        )


def ties(model: type[ScopedModel]) -> list[Tie]:
    """Return the ties of one model: its keys to scoped rows that are not declared free."""
    tied = []
    for field in model._meta.concrete_fields:
        target: Any = field.related_model
        follows = getattr(field, "follows", "free")
        if follows != "free" and isinstance(target, type) and issubclass(target, ScopedModel):
            key = field.target_field.column  # type: ignore[attr-defined]
            table, column = model._meta.db_table, str(field.column)
            tied.append(Tie(table, column, target._meta.db_table, key, follows))
    return tied


def take_along(row: ScopedModel) -> None:
    """Move what lies where ``row`` lies to where it lies now: stamps, an office's own facts …

    Whoever moves a person or a household calls this, and need not know which apps hang on it.
    """
    for model in scoped_models():
        for field in model._meta.concrete_fields:
            if getattr(field, "follows", "") == "equal" and field.related_model is type(row):
                left = model.objects.filter(**{field.name: row})
                left.exclude(scope_path=row.scope_path).update(scope_path=row.scope_path)


# No LIKE: SQLite's ignores case, and paths are compared byte by byte.
BELOW = {
    "sqlite": "substr({row}.scope_path, 1, length(above.scope_path)) = above.scope_path",
    "postgresql": "starts_with({row}.scope_path, above.scope_path)",
}
