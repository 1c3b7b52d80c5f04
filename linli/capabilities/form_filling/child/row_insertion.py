"""What has to know of rows that were added to a sheet: formulas, ranges, names, rules, breaks."""

from __future__ import annotations

import re
from typing import Any

from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formula.tokenizer import Token, Tokenizer

LAST_ROW = 1_048_576  # a rule over a whole column ends here, and stays there
REFERENCE = re.compile(
    r"(?<![A-Za-z0-9_.$])(\$?[A-Z]{1,3}\$?)(\d+)(?::(\$?[A-Z]{1,3}\$?)(\d+))?(?![\d(A-Za-z])"
)


def moved(text: str, last: int, extra: int, *, grows: bool = False) -> str:
    """Return a range after rows were added under ``last``: one that ended there ends later.

    ``grows`` is for the cells of a rule: one that was for the last row is for the added ones too.
    """

    def one(found: re.Match[str]) -> str:
        first, row, second, until = found[1], int(found[2]), found[3], found[4]
        if until is None and grows and row == last:
            second, until = first, found[2]
        row = min(row + extra, LAST_ROW) if row > last else row
        if until is None:
            return f"{first}{row}"
        end = int(until)
        return f"{first}{row}:{second}{min(end + extra, LAST_ROW) if end >= last else end}"

    return REFERENCE.sub(one, text)


def moved_formula(formula: str, title: str, own: str, last: int, extra: int) -> str:
    """Return a formula of sheet ``own`` after rows were added to the sheet ``title``."""
    if title != own and f"{title}!" not in formula and f"{title}'!" not in formula:
        return formula
    # Formulas of rules and names stand without the sign that the tokenizer needs.
    bare = not formula.startswith("=")
    read = Tokenizer(f"={formula}" if bare else formula)
    for token in read.items:
        if token.type == Token.OPERAND and token.subtype == Token.RANGE:
            sheet, mark, cells = token.value.rpartition("!")
            meant = sheet.strip("'").replace("''", "'") if mark else own
            if meant == title:
                token.value = f"{sheet}{mark}{moved(cells, last, extra)}"
    return str(read.render()).removeprefix("=") if bare else str(read.render())


def reach_further(sheet: Any, last: int, extra: int) -> None:
    """Let everything in the book that points at a sheet know of the rows added under ``last``."""
    for other in sheet.parent.worksheets:
        for row in other.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    cell.value = moved_formula(cell.value, sheet.title, other.title, last, extra)
        for name in other.defined_names.values():
            _rename(name, sheet.title, other.title, last, extra)
    for name in sheet.parent.defined_names.values():
        _rename(name, sheet.title, "", last, extra)
    _rules(sheet, last, extra)
    if sheet.auto_filter.ref:
        sheet.auto_filter.ref = moved(sheet.auto_filter.ref, last, extra)
    if sheet.print_area:
        areas = str(sheet.print_area).split(",")
        sheet.print_area = ",".join(moved(area.rpartition("!")[2], last, extra) for area in areas)
    for table in sheet.tables.values():
        table.ref = moved(table.ref, last, extra)
        if table.autoFilter is not None and table.autoFilter.ref:
            table.autoFilter.ref = moved(table.autoFilter.ref, last, extra)
    for line in sheet.row_breaks.brk:
        line.id = line.id + extra if line.id >= last else line.id


def _rename(name: Any, title: str, own: str, last: int, extra: int) -> None:
    if name.attr_text and "!" in name.attr_text:
        name.attr_text = moved_formula(name.attr_text, title, own, last, extra)


def _rules(sheet: Any, last: int, extra: int) -> None:
    """Let drop-downs and conditional looks hold for the added rows."""
    for other in sheet.parent.worksheets:
        for rule in other.data_validations.dataValidation:
            for part in ("formula1", "formula2"):
                formula = getattr(rule, part)
                # Words spelt out are no range, though they may look like one.
                if formula and not str(formula).startswith('"'):
                    now = moved_formula(str(formula), sheet.title, other.title, last, extra)
                    setattr(rule, part, now)
            if other is sheet:
                rule.sqref = type(rule.sqref)(moved(str(rule.sqref), last, extra, grows=True))
    looks = ConditionalFormattingList()
    for one in sheet.conditional_formatting:
        for look in one.rules:
            look.formula = [
                moved_formula(str(each), sheet.title, sheet.title, last, extra)
                for each in look.formula
            ]
            looks.add(moved(str(one.sqref), last, extra, grows=True), look)
    sheet.conditional_formatting = looks
