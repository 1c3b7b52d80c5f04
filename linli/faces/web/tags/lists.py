"""Components of a list that fills a desk: its table, its ticks, the record beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.context import Context
from django.utils import timezone
from django.utils.safestring import SafeString

from linli.core.interface.bulk import MOST, bulk_verbs
from linli.core.interface.record_lists import COLUMNS, ListColumn, ListRow, RecordList
from linli.core.interface.view_models import Cell
from linli.core.scope import scope_or_none
from linli.faces.web.tags.library import inside, part, register


@register.simple_block_tag
def beside(content: str) -> SafeString:
    """Open what a link with ``data-beside`` leads to beside the content, where there is room."""
    return part("beside", content=inside(content))


@dataclass(frozen=True)
class _Head:
    """The head of a column as the table writes it."""

    column: ListColumn
    href: str
    direction: str


@register.inclusion_tag("components/record_list.html", takes_context=True)
def record_list(context: Context, view: RecordList) -> dict[str, Any]:
    """A list of records: a dense table on a desk, cards on a phone, with ticks and verbs."""
    request: HttpRequest = context["request"]
    asked = view.sorting
    in_own_order = asked.by is None
    return {
        "request": request,
        "view": view,
        "heads": [_Head(one, asked.href(one), asked.direction(one)) for one in asked.shown],
        "groups": _groups(view.rows, asked.shown, in_own_order),
        "span": len(asked.shown) + 1,
        "verbs": bulk_verbs(view.key, scope_or_none()) if view.rows else [],
        "here": request.get_full_path(),
        "all_at_once": view.found is not None and len(view.rows) < view.found <= MOST,
        "extras": _extras(asked.columns, asked.shown),
        "columns_name": COLUMNS,
        "kept": [
            (key, value)
            for key, values in request.GET.lists()
            for value in values
            if key not in (COLUMNS, "page", "open")
        ],
        "printed_at": timezone.localtime(),
        "post": context.get("post"),
    }


Line = tuple[ListRow, list[tuple[ListColumn, Cell]]]


def _groups(
    rows: Sequence[ListRow], shown: Sequence[ListColumn], in_own_order: bool
) -> list[tuple[Any, list[Line]]]:
    """Return the rows below their headings; sorted otherwise they stand below none."""
    groups: list[tuple[Any, list[Line]]] = []
    for row in rows:
        name = row.group if in_own_order else ""
        if not groups or groups[-1][0] != name:
            groups.append((name, []))
        groups[-1][1].append((row, [(one, _cell(row.cells.get(one.key, ""))) for one in shown]))
    return groups


def _cell(value: Any) -> Cell:
    return value if isinstance(value, Cell) else Cell("" if value is None else value)


def _extras(
    columns: Sequence[ListColumn], shown: Sequence[ListColumn]
) -> list[tuple[ListColumn, bool]]:
    return [(one, one in shown) for one in columns if one.extra]
