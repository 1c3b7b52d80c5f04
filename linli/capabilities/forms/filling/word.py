"""Word: rows copied from the form's own blank row, text in the style of its cell."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from docx import Document
from docx.oxml.ns import qn

from linli.capabilities.forms.filling.content import Content, Filled, LineContent, ListContent
from linli.capabilities.forms.filling.values import in_text
from linli.capabilities.forms.reading.blocks import TABLE, blocks, same_in_old, words_of

W_T, W_R, W_P, W_TR, W_TC = qn("w:t"), qn("w:r"), qn("w:p"), qn("w:tr"), qn("w:tc")


def fill_document(path: Path, out: Path, content: Content) -> Filled:
    """Fill a .docx."""
    document = Document(str(path))
    found = list(blocks(document.element.body))
    tables = [one for one in found if one.tag == TABLE]
    paragraphs = [one for one in found if one.tag != TABLE and words_of(one)]
    rows = cells = 0
    for cell in content.cells:
        target = _cell(tables[cell.table].tr_lst[cell.row], cell.column)
        if target is not None:
            _write(target, in_text(cell.value, ""))
            cells += 1
    for line in content.lines:
        _line(tables, paragraphs, line)
    for one in content.lists:
        rows += len(one.rows)
        cells += _fill_list(tables[one.table], one)
    same_in_old(document.element.body)
    _add_changes(document, content)
    document.save(str(out))
    return Filled(rows, cells, 0)


def _columns(row: Any) -> dict[int, Any]:
    """Return the cells of a row by the grid column at which they begin."""
    made, column = {}, row.grid_before
    for one in row.tc_lst:
        made[column] = one
        column += one.grid_span
    return made


def _cell(row: Any, column: int) -> Any:
    return _columns(row).get(column)


def _fill_list(table: Any, one: ListContent) -> int:
    existing = table.tr_lst
    heads = [_columns(row) for row in existing[: one.first_row]]
    texts = {
        column: "".join(head[column].itertext()) if column in head else ""
        for head in heads for column in head
    }  # fmt: skip
    blanks = existing[one.first_row : one.last_row + 1]
    if not blanks:
        return 0
    pattern = copy.deepcopy(blanks[-1])
    after = blanks[-1]
    cells = 0
    for number, values in enumerate(one.rows):
        if number < len(blanks):
            row = blanks[number]
        else:
            row = copy.deepcopy(pattern)
            after.addnext(row)
            after = row
        places = _columns(row)
        if one.serial_column is not None and one.serial_column in places:
            _write(places[one.serial_column], str(number + 1))
        for column, value in values.items():
            if column in places and column != one.serial_column:
                _write(places[column], in_text(value, texts.get(column, "")))
                cells += 1
    return cells


def _write(cell: Any, text: str) -> None:
    """Put text into a cell, in the style its own paragraph has."""
    if not text:
        return
    paragraph = cell.find(W_P) if cell.find(W_P) is not None else cell.add_p()
    runs = paragraph.findall(W_R)
    if runs:
        keep = runs[0]
        for run in runs[1:]:
            paragraph.remove(run)
        for old in keep.findall(W_T):
            keep.remove(old)
    else:
        keep = paragraph.add_r()
        marks = paragraph.find(qn("w:pPr"))
        style = marks.find(qn("w:rPr")) if marks is not None else None
        if style is not None:
            keep.insert(0, copy.deepcopy(style))
    keep.text = text


def _line(tables: list[Any], paragraphs: list[Any], line: LineContent) -> None:
    """Write after the colon of a line, if nothing stands there yet."""
    if line.table < 0:
        target = paragraphs[line.row] if line.row < len(paragraphs) else None
    else:
        cell = _cell(tables[line.table].tr_lst[line.row], line.column)
        target = cell.find(W_P) if cell is not None else None
    if target is None:
        return
    for text in target.iter(W_T):
        said = text.text or ""
        for mark in ("：", ":"):
            head, found, rest = said.partition(mark)
            if found:
                text.text = f"{head}{found}{line.text}{rest.replace('_', '').rstrip()}"
                return


def _add_changes(document: Any, content: Content) -> None:
    if not content.changes:
        return
    document.add_page_break()
    document.add_paragraph(_("与上次相比的变动"))
    table = document.add_table(rows=1, cols=4)
    for cell, text in zip(table.rows[0].cells, (_("谁"), _("栏目"), _("上次"), _("这次")),
                          strict=True):  # fmt: skip
        cell.text = text
    for one in content.changes:
        cells = table.add_row().cells
        for cell, text in zip(cells, (one.row, one.heading, one.before, one.after), strict=True):
            cell.text = text
