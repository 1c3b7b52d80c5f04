"""Open a form's file: look at what it really is, and let a child process parse it."""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

from django.utils.translation import gettext as _

from linli.capabilities.forms.reading.grids import Cell, Grid, Paper
from linli.capabilities.forms.reading.old import made_new
from linli.core.errors import Refused

MOST_BYTES, PATIENCE = 20 << 20, 60
# What the list of files in a harmed archive can end in.
BAD_ZIPS = (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, struct.error)


def read_paper(path: Path) -> Paper:
    """Read a .docx or .xlsx, or refuse in words."""
    if path.stat().st_size > MOST_BYTES:
        raise Refused("forms.too_big", _("文件超过20 MB，请去掉图片后再试"), "file")
    data, _name = made_new(path.read_bytes(), path.name)
    kind = kind_of(data)
    try:
        done = subprocess.run(  # noqa: S603 - our own program; the file is only its input
            [sys.executable, "-m", "linli.capabilities.forms.reading.child", kind],
            input=data, capture_output=True, timeout=PATIENCE, check=True,
        )  # fmt: skip
    except subprocess.SubprocessError:
        raise Refused(
            "forms.broken", _("文件打不开，请用Word或Excel另存一份再试"), "file"
        ) from None
    answer = json.loads(done.stdout)
    if sheet := answer.get("too_large"):
        raise Refused(
            "forms.too_large",
            _("工作表“%(sheet)s”超过400列或5000行，不像一张表单") % {"sheet": sheet}, "file",
            _("请删去表单以外的列和行再试"),
        )  # fmt: skip
    tables = tuple(
        Grid(tuple(Cell(*one) for one in table["cells"]), table["name"])
        for table in answer["tables"]
    )
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
