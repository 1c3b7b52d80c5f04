"""What a file really is, whatever its name says; runs in the child."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from linli.core.documents.limits import Limits
from linli.core.documents.stop_reading import StopReading
from linli.workbench.imports.child import markup, text, workbooks

Head = dict[str, Any]
Rows = Iterator[tuple[int, list[Any]]]
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BIFF = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
OTHER_STREAMS = tuple(
    name.encode("utf-16-le") for name in ("WordDocument", "PowerPoint Document", "VisioDocument")
)
# A text in UTF-16 begins with its mark; others hold no such bytes.
_NOT_TEXT = re.compile(rb"^(?!\xff\xfe|\xfe\xff)[\s\S]*[\x00-\x08\x0e-\x1f]")
WORDS_OF = {
    "zip": "zip压缩包",
    "html": "网页",
    "pdf": "PDF",
    "picture": "图片",
    "xml": "XML",
    "ole": "旧版Office文件",
    "xlsx": ".xlsx表格",
    "xls": ".xls表格",
    "text": "纯文本",
}
# Offices' systems write web pages, XML and text under the names of workbooks.
BOOKS = ("xlsx", "xlsm", "xls", "et")
TABLES = (*BOOKS, "csv", "txt", "tsv", "htm", "html", "xml")
READ = ("xlsx", "xls", "text", "html", "sheet_xml")


def read_any_file(data: bytes, name: str, sheet: int, limits: Limits) -> tuple[Head, Rows]:
    """Return what the file holds and its filled rows; raises Stop when it cannot be read."""
    if not data.strip(b"\0 \r\n\t"):
        raise StopReading("empty_file")
    really = _really(data)
    if really == "password":
        raise StopReading("password")
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if ending not in TABLES:
        raise StopReading("not_a_table")
    if really not in READ:
        raise StopReading("name_lies", name=f".{ending}", really=WORDS_OF[really])
    # The content decides, whatever the name says; damaged bytes are no text.
    if really == "text" and ending in BOOKS and _NOT_TEXT.search(data[:4096]):
        raise StopReading("broken")
    if really == "text":
        return text.read_text_file(data, limits)
    if really == "html":
        return markup.read_page(data, limits)
    if really == "sheet_xml":
        return markup.read_spreadsheet_xml(data, sheet, limits)
    return workbooks.read_workbook(data, really, sheet, limits)


def _really(data: bytes) -> str:
    start = data[:512].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if data.startswith(ZIP):
        return "xlsx" if workbooks.is_workbook(data) else "zip"
    if data.startswith(OLE):
        return _of_ole(data)
    if data[:2] in BIFF and data[2:4] in (b"\x08\x00", b"\x10\x00", b"\x06\x00", b"\x04\x00"):
        return "xls"
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<head", b"<meta", b"<style")):
        return "html"
    if start.startswith(b"<?xml"):
        if markup.SPREADSHEET in data[:4096]:
            return "sheet_xml"
        return "html" if b"<html" in data[:4096].lower() else "xml"
    if data.startswith(b"%PDF"):
        return "pdf"
    if data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM\x36")):
        return "picture"
    return "text"


def _of_ole(data: bytes) -> str:
    if ENCRYPTED in data:
        return "password"
    if any(stream in data for stream in OTHER_STREAMS):
        return "ole"
    # Without a directory of streams it may be a workbook cut off: the parser will say "broken".
    return "xls"
