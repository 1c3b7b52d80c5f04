"""What newer Excel keeps beside a sheet's own cells, and openpyxl leaves out when it saves."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from docx.oxml import parse_xml
from openpyxl.worksheet.datavalidation import DataValidation

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
X14 = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
XM = "{http://schemas.microsoft.com/office/excel/2006/main}"
KEPT = ("type", "operator", "errorStyle", "errorTitle", "error", "promptTitle", "prompt", "imeMode")
SWITCHES = ("allowBlank", "showInputMessage", "showErrorMessage", "showDropDown")
LOST = (f"{X14}conditionalFormattings", f"{X14}sparklineGroups", f"{X14}slicerList")
DRAWN = re.compile(r"xl/(?:ctrlProps|activeX)/|xl/drawings/drawing[^/]*\.xml$")


def carry_over(data: bytes, book: Any) -> bool:
    """Give a book the drop-downs that only newer Excel spells; say whether all else came along.

    A drop-down whose words stand on another sheet is written as an extension by Excel; as an
    ordinary rule it works in every version, and grows with the rows as the others do.
    """
    whole = True
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        for title, part in _parts(packed):
            root = parse_xml(packed.read(part))
            for rule in root.iter(f"{X14}dataValidation"):
                validation = _rule(rule)
                if validation is not None and title in book.sheetnames:
                    book[title].add_data_validation(validation)
            whole = whole and next(root.iter(*LOST), None) is None
        for name in packed.namelist():
            if DRAWN.match(name):
                # Pictures come along with openpyxl; shapes in the same drawing do not.
                has_shape = not name.startswith("xl/drawings/") or b":sp>" in packed.read(name)
                whole = whole and not has_shape
    return whole


def _parts(packed: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield the title of each sheet and the part that holds it."""
    links = {
        one.get("Id"): one.get("Target")
        for one in parse_xml(packed.read("xl/_rels/workbook.xml.rels"))
    }
    names = set(packed.namelist())
    for one in parse_xml(packed.read("xl/workbook.xml")).iter(f"{MAIN}sheet"):
        part = posixpath.normpath(posixpath.join("/xl", links.get(one.get(LINK)) or "")).lstrip("/")
        if part in names:
            yield one.get("name"), part


def _rule(one: Any) -> DataValidation | None:
    cells = next((each.text for each in one.iter(f"{XM}sqref")), None)
    if not cells:
        return None
    formulas = {
        number: next((each.text for each in one.iterfind(f"{X14}{number}/{XM}f")), None)
        for number in ("formula1", "formula2")
    }
    texts = {key: one.get(key) for key in KEPT if one.get(key) is not None}
    turned = {key: one.get(key) in ("1", "true") for key in SWITCHES}
    return DataValidation(sqref=cells, **formulas, **texts, **turned)
