"""What the child does with a form: read it, write an old one anew, fill it."""

from __future__ import annotations

import io
import zipfile
from typing import Any, BinaryIO

from linli.capabilities.form_filling.child.fill_sheets import fill_workbook
from linli.capabilities.form_filling.child.fill_word import fill_document
from linli.capabilities.form_filling.child.read_sheets import sheets, written_anew
from linli.capabilities.form_filling.child.read_word import word
from linli.capabilities.form_filling.filling.content import content_of
from linli.core.documents import zip_archives
from linli.core.documents.fork_server import say
from linli.core.documents.limits import Limits
from linli.core.documents.stop_reading import StopReading


def read(_order: dict[str, Any], data: bytes, limits: Limits, out: BinaryIO) -> None:
    """Answer what kind of file it is, its words and its tables."""
    kind = kind_of(data, limits)
    say(out, {"kind": kind, **(word(data) if kind == "docx" else sheets(data, limits))})


def kind(_order: dict[str, Any], data: bytes, limits: Limits, out: BinaryIO) -> None:
    """Answer what kind of file it is, and nothing of what stands in it."""
    say(out, {"kind": kind_of(data, limits)})


def renew(_order: dict[str, Any], data: bytes, _limits: Limits, out: BinaryIO) -> None:
    """Answer a workbook of old Excel as a new one."""
    workbook = written_anew(data)
    say(out, {"size": len(workbook)})
    out.write(workbook)


def fill(order: dict[str, Any], data: bytes, limits: Limits, out: BinaryIO) -> None:
    """Answer a filled copy for each of the contents."""
    filler = fill_document if kind_of(data, limits) == "docx" else fill_workbook
    heads, files = [], []
    try:
        for order_content in order["contents"]:
            file, done = filler(data, content_of(order_content), order["words"])
            files.append(file)
            heads.append(
                {
                    "size": len(file),
                    "rows": done.rows,
                    "cells": done.cells,
                    "left_blank": done.left_blank,
                    "warnings": done.warnings,
                    "texts": done.texts,
                }
            )
    except (zipfile.BadZipFile, LookupError, ValueError) as error:
        raise StopReading("cannot_fill") from error
    say(out, {"files": heads})
    for file in files:
        out.write(file)


def kind_of(data: bytes, limits: Limits) -> str:
    """Say what the bytes are, whatever the name says; measured, so that it may be opened."""
    names = zip_archives.names_in(data)
    if any(name.endswith("vbaProject.bin") for name in names):
        raise StopReading("macros")
    kind = "docx" if "word/document.xml" in names else "xlsx" if "xl/workbook.xml" in names else ""
    if not kind:
        raise StopReading("not_a_form")
    with zipfile.ZipFile(io.BytesIO(data)) as box:
        zip_archives.measure(box, len(data), limits)
    return kind
