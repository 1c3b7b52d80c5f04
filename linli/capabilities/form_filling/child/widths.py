"""Tables whose columns lost their widths: no character fits, so they are spread over the page."""

from __future__ import annotations

from typing import Any

from docx.oxml.ns import qn

from linli.capabilities.form_filling.filling.lines import width_of

NARROWEST = 100  # twentieths of a point: half of the smallest Chinese character
A4, MARGINS = 11906, 2 * 1440
FEWEST_SIGNS, MOST_SIGNS = 4, 20


def spread(document: Any) -> bool:
    """Give tables narrower than their own characters the width of the page; were there any?"""
    harmed = [one for one in document.element.body.iter(qn("w:tbl")) if _is_harmed(one)]
    for table in harmed:
        _spread(table, _room(document))
    return bool(harmed)


def _is_harmed(table: Any) -> bool:
    wide = [one.w for one in table.tblGrid.gridCol_lst if one.w is not None]
    return bool(wide) and sum(one.twips for one in wide) < NARROWEST * len(wide)


def _room(document: Any) -> int:
    page = document.sections[-1]
    if None in (page.page_width, page.left_margin, page.right_margin):
        return A4 - MARGINS
    # python-docx counts in EMU: 635 are a twentieth of a point.
    return int((page.page_width - page.left_margin - page.right_margin) / 635)


def _spread(table: Any, room: int) -> None:
    """Share the room out by the longest words of each column."""
    columns = table.tblGrid.gridCol_lst
    signs = [FEWEST_SIGNS] * len(columns)
    for row in table.tr_lst:
        for column, cell in _placed(row):
            text = "".join(one.text or "" for one in cell.iter(qn("w:t"))).strip()
            if cell.grid_span == 1 and column < len(signs):
                signs[column] = max(signs[column], min(width_of(text) + 2, MOST_SIGNS))
    wide = [room * sign // sum(signs) for sign in signs]
    for column, twips in zip(columns, wide, strict=True):
        column.set(qn("w:w"), str(twips))
    whole = table.tblPr.find(qn("w:tblW"))
    if whole is not None:
        whole.set(qn("w:w"), str(sum(wide)))
        whole.set(qn("w:type"), "dxa")
    for row in table.tr_lst:
        for column, cell in _placed(row):
            twips = sum(wide[column : column + cell.grid_span])
            own = cell.get_or_add_tcPr().get_or_add_tcW()
            own.set(qn("w:w"), str(twips))
            own.set(qn("w:type"), "dxa")


def _placed(row: Any) -> list[tuple[int, Any]]:
    cells, column = [], row.grid_before
    for cell in row.tc_lst:
        cells.append((column, cell))
        column += cell.grid_span
    return cells
