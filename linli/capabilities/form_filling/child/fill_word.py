"""Word: rows copied from the form's own blank row, text in the style of its cell."""

from __future__ import annotations

import copy
import io
from collections.abc import Mapping, Sequence
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from linli.capabilities.form_filling.child.choices import spelt
from linli.capabilities.form_filling.child.read_back import texts_of_document
from linli.capabilities.form_filling.child.widths import spread
from linli.capabilities.form_filling.filling.blanks import has_boxes, is_blank, options_of, ticked
from linli.capabilities.form_filling.filling.content import (
    WIDTHS_LOST,
    CellContent,
    Content,
    FillResult,
    LineContent,
    ListContent,
)
from linli.capabilities.form_filling.filling.lines import Edit, blank_edits, edited, edits_of
from linli.capabilities.form_filling.filling.values import in_boxes, in_text
from linli.capabilities.form_filling.reading.blocks import (
    TABLE,
    blocks,
    own_texts,
    same_in_old,
    words_of,
)

W_T, W_R, W_P = qn("w:t"), qn("w:r"), qn("w:p")
# What stands in a cell without being text: pictures, signs, boxes to tick.
MARKS = tuple(qn(f"w:{one}") for one in ("drawing", "pict", "sym", "object", "sdt"))
ONLY_ONCE = tuple(qn(f"w:{one}") for one in ("bookmarkStart", "bookmarkEnd"))
PARAGRAPH_NAMES = tuple(
    f"{{http://schemas.microsoft.com/office/word/2010/wordml}}{one}" for one in ("paraId", "textId")
)
AFTER_BORDERS = tuple(qn(f"w:{one}") for one in ("shd", "tblLayout", "tblCellMar", "tblLook"))
Rows = list[Any]
Words = Mapping[str, Any]  # "since" and the four "columns" of what changed


def fill_document(data: bytes, content: Content, words: Words) -> tuple[bytes, FillResult]:
    """Fill a .docx."""
    document, out = Document(io.BytesIO(data)), io.BytesIO()
    parts = list(blocks(document.element.body))
    # The rows as they came: those that are added below must not shift the ones still to be filled.
    tables: list[Rows] = [list(one.tr_lst) for one in parts if one.tag == TABLE]
    paragraphs = [one for one in parts if one.tag != TABLE and words_of(one)]
    heads = [_heads(tables[one.table], one) for one in content.lists]
    rows = cells = 0
    for line in content.lines:
        _line(tables, paragraphs, line)
    for cell in content.cells:
        cells += _fill_cell(_columns(tables[cell.table][cell.row]), cell)
    for one, texts in zip(content.lists, heads, strict=True):
        rows += len(one.rows)
        cells += _fill_list(tables[one.table], one, texts)
    was_harmed = spread(document)
    same_in_old(document.element.body)
    _add_changes(document, content, words)
    document.save(out)
    warnings = (WIDTHS_LOST,) if was_harmed else ()
    standing = texts_of_document(out.getvalue())
    return out.getvalue(), FillResult(rows, cells, 0, warnings, standing)


def _fill_cell(places: Mapping[int, Any], cell: CellContent) -> int:
    text = in_text(cell.value, cell.heading)
    texts = in_boxes(text, cell.boxes)
    written = [
        _write(places.get(cell.column + number), digit) for number, digit in enumerate(texts)
    ]
    return min(1, sum(written))


def _columns(row: Any) -> dict[int, Any]:
    """Return the cells of a row by the grid column at which they begin."""
    cells, column = {}, row.grid_before
    for cell in row.tc_lst:
        cells[column] = cell
        column += cell.grid_span
    return cells


def _heads(rows: Rows, one: ListContent) -> Mapping[int, str]:
    """Return the words over each column, as the blank form has them."""
    if one.headings:
        return one.headings
    heads: dict[int, str] = {}
    for row in rows[: one.first_row]:
        for column, cell in _columns(row).items():
            heads[column] = heads.get(column, "") + "".join(cell.itertext())
    return heads


def _fill_list(rows: Rows, one: ListContent, heads: Mapping[int, str]) -> int:
    blanks = [rows[each] for each in one.at] or rows[one.first_row : one.last_row + 1]
    if not blanks and one.first_row:
        blanks = [_emptied(rows[one.first_row - 1])] if one.rows else []
    if not blanks:
        return 0
    cells = 0
    for number, (row, values) in enumerate(
        zip(_enough(blanks, len(one.rows)), one.rows, strict=False)
    ):
        places = _columns(row)
        if one.serial_column is not None:
            _write(places.get(one.serial_column), str(number + 1), over=True)
        for column, value in values.items():
            if column != one.serial_column:
                # A number printed beforehand is the form's own count of its rows.
                text, counts = in_text(value, heads.get(column, "")), isinstance(value, int)
                cells += _write(places.get(column), text, over=counts)
    return cells


def _emptied(row: Any) -> Any:
    """Return a blank row like one that says something, right under it."""
    blank = copy.deepcopy(row)
    for one in blank.iter(W_T):
        one.text = ""
    row.addnext(blank)
    return blank


def _enough(blanks: Sequence[Any], wanted: int) -> list[Any]:
    """Return blank rows, with copies of the last one added where they are too few."""
    rows = list(blanks)
    pattern = copy.deepcopy(blanks[-1])
    for one in pattern.iter():
        # These must be unique in a document.
        for name in PARAGRAPH_NAMES:
            one.attrib.pop(name, None)
    for one in [each for each in pattern.iter() if each.tag in ONLY_ONCE]:
        one.getparent().remove(one)
    while len(rows) < wanted:
        row = copy.deepcopy(pattern)
        rows[-1].addnext(row)
        rows.append(row)
    return rows


def _write(cell: Any, text: str, *, over: bool = False) -> int:
    """Put text into a blank cell, in the style its own paragraph has; return how many."""
    if cell is None or not text or cell.vMerge == "continue":
        return 0
    printed = "".join(one.text or "" for one in cell.iter(W_T))
    if has_boxes(printed):
        return _tick(cell, printed, text)
    if not is_blank(printed) and not (over and printed.strip().isdigit()):
        return 0
    if any(one.tag in MARKS for one in cell.iter()):
        return 0
    paragraph = cell.find(W_P) if cell.find(W_P) is not None else cell.add_p()
    runs = paragraph.findall(W_R)
    if runs:
        keep = runs[0]
        for run in runs[1:]:
            paragraph.remove(run)
    else:
        keep = paragraph.add_r()
        marks = paragraph.find(qn("w:pPr"))
        style = marks.find(qn("w:rPr")) if marks is not None else None
        if style is not None:
            keep.insert(0, copy.deepcopy(style))
    keep.text = text
    return 1


def _tick(cell: Any, printed: str, text: str) -> int:
    """Tick the box whose word says what is known; none where no word does."""
    options = options_of(printed)
    word = spelt(text, tuple(word for _start, _end, word in options))
    chosen = next((one for one in options if one[2] == word), None)
    if chosen is None:
        return 0
    start, end, _word = chosen
    texts = list(cell.iter(W_T))
    edit = Edit(start, end, ticked(printed, start, end))
    now = edited([one.text or "" for one in texts], [edit])
    for one, said in zip(texts, now, strict=True):
        one.text = said
    return 1


def _line(tables: list[Rows], paragraphs: list[Any], line: LineContent) -> None:
    """Write after the colons of a line, each text with the look of its own blank."""
    if line.table < 0:
        targets = paragraphs[line.row : line.row + 1]
    else:
        cell = _columns(tables[line.table][line.row]).get(line.column)
        targets = [] if cell is None else cell.findall(W_P)
    for target in targets:
        texts = list(own_texts(target))
        pieces = [element.text or "" for element in texts]
        text = "".join(pieces)
        now = edited(pieces, [*edits_of(text, line.said), *blank_edits(text, line.blanks)])
        for element, said in zip(texts, now, strict=True):
            if said != element.text:
                element.text = said
                element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _add_changes(document: Any, content: Content, words: Words) -> None:
    if not content.changes:
        return
    document.add_page_break()
    document.add_paragraph(words["since"])
    table = document.add_table(rows=1, cols=4)
    _with_lines(table)
    for cell, text in zip(table.rows[0].cells, words["columns"], strict=True):
        cell.text = text
    for change in content.changes:
        cells = table.add_row().cells
        for cell, text in zip(
            cells, (change.row, change.heading, change.before, change.after), strict=True
        ):
            cell.text = text


def _with_lines(table: Any) -> None:
    """Draw thin lines; a department's file seldom has a style for tables with lines."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        oxml_element = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "auto")):
            oxml_element.set(qn(f"w:{name}"), value)
        borders.append(oxml_element)
    properties = table._tbl.tblPr
    # The schema fixes the order of a table's properties.
    after = [one for one in properties if one.tag in AFTER_BORDERS]
    if after:
        after[0].addprevious(borders)
    else:
        properties.append(borders)
