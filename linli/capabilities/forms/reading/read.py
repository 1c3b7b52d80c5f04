"""Open a form's file: look at what it really is, and let a child process parse it."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

from django.utils.translation import gettext as _

from linli.capabilities.forms.reading.grids import Cell, Grid, Paper
from linli.capabilities.forms.reading.old import made_new
from linli.capabilities.forms.reading.parsing import parsed
from linli.core.errors import Refused

MOST_BYTES = 20 << 20
# What the list of files in a harmed archive can end in.
BAD_ZIPS = (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, struct.error)


def read_paper(path: Path) -> Paper:
    """Read a .docx or .xlsx, or refuse in words."""
    if path.stat().st_size > MOST_BYTES:
        raise Refused("forms.too_big", _("文件超过20 MB，请去掉图片后再试"), "file")
    data, _name = made_new(path.read_bytes(), path.name)
    answer = parsed(data, kind_of(data))
    tables = tuple(
        Grid(tuple(Cell(*one) for one in table["cells"]), table["name"],
             frozenset(table.get("hidden", ())))
        for table in answer["tables"]
    )  # fmt: skip
    has_words = answer["words"] or any(one.text for grid in tables for one in grid.cells)
    if answer.get("pictures") and not has_words:
        raise Refused(
            "forms.only_a_picture", _("文件里只有图片，没有可以读的文字和表格"), "file",
            _("请向发表的部门要 Word 或 Excel 的原表，扫描件和照片读不出来"),
        )  # fmt: skip
    return Paper(tuple(answer["words"]), tables)


def kind_of(data: bytes) -> str:
    """Say what the bytes are, whatever the name says."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = packed.namelist()
    except BAD_ZIPS:
        names = []
    if any(one.endswith("vbaProject.bin") for one in names):
        raise Refused("forms.macros", _("文件带宏，请另存为不带宏的 .docx 或 .xlsx"), "file")
    if "word/document.xml" in names:
        return "docx"
    if "xl/workbook.xml" in names:
        return "xlsx"
    raise Refused("forms.not_a_form", _("这不是Word或Excel文件，请交 .docx 或 .xlsx"), "file")
