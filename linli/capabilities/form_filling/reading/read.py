"""Open a form's file: a child process looks at what it really is and parses it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from linli.capabilities.form_filling.reading.blank_form import FormCell, FormTable, Paper
from linli.capabilities.form_filling.reading.legacy_office import made_new
from linli.capabilities.form_filling.reading.parsing import MOST_BYTES, ask_child
from linli.core.errors import Refused


@dataclass(frozen=True)
class OpenedForm:
    """A file as read: what it is whatever its name says, and what stands in it."""

    kind: str
    paper: Paper


def read_paper(path: Path) -> Paper:
    """Read a form's file, or refuse in words."""
    # Asked of the file system: a huge file need not be in memory to be refused.
    if path.stat().st_size > MOST_BYTES:
        raise Refused("form_filling.too_big", _("文件超过20 MB，请去掉图片后再试"), "file")
    data, _name = made_new(path.read_bytes(), path.name)
    return read_form_file(data).paper


def read_form_file(data: bytes) -> OpenedForm:
    """Read a .docx or .xlsx, or refuse in words."""
    answer = ask_child("read", data).head
    tables = tuple(
        FormTable(
            tuple(FormCell(*one) for one in table["cells"]),
            table["name"],
            frozenset(table.get("hidden", ())),
            tuple(table.get("before", ())),
        )
        for table in answer["tables"]
    )
    has_words = answer["words"] or any(cell.text for grid in tables for cell in grid.cells)
    if answer.get("pictures") and not has_words:
        raise Refused(
            "form_filling.only_a_picture",
            _("文件里只有图片，没有可以读的文字和表格"),
            "file",
            _("请向发表的部门要 Word 或 Excel 的原表，扫描件和照片读不出来"),
        )
    return OpenedForm(answer["kind"], Paper(tuple(answer["words"]), tables))


def kind_of(data: bytes) -> str:
    """Say what the bytes are, whatever the name says, or refuse in words."""
    return str(ask_child("kind", data).head["kind"])
