"""Components for many things at once: the table and the elevation of a building."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from linli.core.interface.view_models import Cell, Column, Elevation
from linli.faces.web.tags.library import register


@register.inclusion_tag("components/data_table.html")
def data_table(
    columns: Sequence[Column],
    rows: Sequence[Sequence[object]],
    caption: str,
    empty: str = "",
    grid: bool = False,
    foot: Sequence[object] = (),
) -> dict[str, Any]:
    """A table that becomes cards on a phone; ``grid`` keeps its shape (cross-tabs)."""
    return {
        "columns": columns,
        "sorts": [] if grid else [column for column in columns if column.sort_href],
        "caption": caption,
        "empty": empty,
        "grid": grid,
        "rows": [_row(columns, row) for row in rows],
        "foot": _row(columns, foot) if foot else [],
    }


def _row(columns: Sequence[Column], row: Sequence[object]) -> list[tuple[Column, Cell]]:
    cells = [value if isinstance(value, Cell) else Cell(value) for value in row]
    return list(zip(columns, cells, strict=True))


@register.inclusion_tag("components/elevation.html")
def elevation(view: Elevation) -> dict[str, Any]:
    """A building from the front: floors of doors, coloured and said in words."""
    return {"view": view}
