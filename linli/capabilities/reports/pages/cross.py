"""The cross-tab as a table whose every figure leads to its list."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from linli.capabilities.reports.pages.url_state import QueryState
from linli.capabilities.reports.queries import places_to_choose
from linli.core.interface.view_models import Cell, Column
from linli.workbench.conditions import queries
from linli.workbench.conditions.results import CrossTab

USUAL = {"person": "age", "household": "size", "dwelling": "dwelling_usage", "building": "has_lift"}


@dataclass(frozen=True)
class CrossTabGrid:
    """Columns, rows and the line of sums."""

    columns: list[Column]
    rows: list[list[Cell]]
    foot: list[Cell]


def default_fields(state: QueryState, row: str, column: str) -> tuple[str, str]:
    """Return the two facts asked for, or the usual ones that this post may see."""
    offered = [
        field_offered.key
        for field_offered in queries.fields_offered(state.subject)
        if field_offered.spread
    ]
    usual_column = USUAL.get(state.subject, "")
    if row not in offered:
        # One level below the post's own place: communities for the subdistrict, grids for these.
        below = [place.kind for place in places_to_choose()[:1]] + ["community"]
        row = next((kind for kind in below if kind in offered), offered[0])
    if column == "none" or column == row:
        return row, ""
    if column in offered:
        return row, column
    return row, usual_column if usual_column in offered and usual_column != row else ""


def grid(state: QueryState, table: CrossTab) -> CrossTabGrid:
    """Return the table: rows by columns, sums at the right and at the foot."""
    sums = [sum(counts[number] for counts in table.counts) for number in range(len(table.columns))]
    columns = [
        Column(table.row_label),
        *(Column(label, "number") for label in table.columns),
        Column(_("合计"), "number"),
    ]
    # All at once: naming the places of the rows one by one would ask the database for each.
    wheres = (*state.parts, *table.row_wheres, *table.column_wheres)
    queries.name_places(state.subject, wheres)
    rows = []
    for label, where, counts in zip(table.rows, table.row_wheres, table.counts, strict=True):
        asks = state.with_part(where)
        cells = [
            Cell(count, href=asks.with_part(other).href() if count else "")
            for count, other in zip(counts, table.column_wheres, strict=True)
        ]
        rows.append([Cell(label), *cells, Cell(sum(counts), href=asks.href())])
    foot = [Cell(_("合计")), *(Cell(one) for one in sums), Cell(table.total)]
    return CrossTabGrid(columns, rows, foot)
