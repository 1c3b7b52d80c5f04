"""Spreadsheets for the tests, made here: good ones, odd ones and hostile ones."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl
import xlsxwriter
import xlwt

RESIDENTS = [
    ["姓名", "性别", "身份证号码", "联系电话", "家庭住址"],
    ["张三", "男", "990000195003010016", "13800000001", "东方丽都1幢1单元101室"],
    ["李四", "女", "990000196203040025", "13800000002", "东方丽都1幢1单元102室"],
]


def xlsx(rows: Sequence[Sequence[Any]], change: Callable[[Any], None] | None = None) -> bytes:
    """Make a workbook with openpyxl; ``change`` gets the sheet before it is saved."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(list(row))
    if change:
        change(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_xlsxwriter(fill: Callable[[Any, Any], None]) -> bytes:
    """Make a workbook with XlsxWriter, which can store the value of a formula."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        fill(book, book.add_worksheet("表"))
    return out.getvalue()


def xls(rows: Sequence[Sequence[Any]]) -> bytes:
    """Make an old workbook."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("居民")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv(rows: Sequence[Sequence[Any]], encoding: str = "utf-8", mark: str = ",") -> bytes:
    """Make a text file in an encoding."""
    return "\r\n".join(mark.join(map(str, row)) for row in rows).encode(encoding)


def rewritten(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """Pack a workbook again, each part as ``change(name, content)`` gives it."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as box,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in box.namelist():
            new.writestr(name, change(name, box.read(name)))
    return out.getvalue()


def bomb(mib: int = 400) -> bytes:
    """Make a workbook of some hundred kilobytes whose sheet swells to ``mib`` MiB."""
    out = io.BytesIO()
    plain = xlsx(RESIDENTS)
    row = b'<row r="1"><c r="A1" t="inlineStr"><is><t>' + b"a" * 100 + b"</t></is></c></row>"
    with (
        zipfile.ZipFile(io.BytesIO(plain)) as box,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new,
    ):
        for name in box.namelist():
            if name.endswith("sheet1.xml"):
                with new.open(name, "w", force_zip64=True) as part:
                    part.write(
                        b'<worksheet xmlns="http://schemas.openxmlformats.org/'
                        b'spreadsheetml/2006/main"><sheetData>'
                    )
                    piece = row * 8192
                    for _ in range(mib * 1024 * 1024 // len(piece)):
                        part.write(piece)
                    part.write(b"</sheetData></worksheet>")
            else:
                new.writestr(name, box.read(name))
    return out.getvalue()


def lying_bomb(mib: int = 300) -> bytes:
    """Make a bomb whose directory declares that it is small."""
    data = bytearray(bomb(mib))
    start = 0
    while (start := data.find(b"PK\x01\x02", start)) >= 0:
        if int.from_bytes(data[start + 24 : start + 28], "little") > 1 << 20:
            data[start + 24 : start + 28] = (4096).to_bytes(4, "little")
        start += 4
    return bytes(data)


def fuzzed(seed: int) -> tuple[str, bytes]:
    """Return one of an endless number of damaged files, the same for the same seed."""
    dice = random.Random(seed)
    good = [
        ("a.xlsx", xlsx(RESIDENTS)),
        ("a.xls", xls(RESIDENTS)),
        ("a.csv", csv(RESIDENTS, "gbk")),
    ]
    name, data = good[seed % 3]
    way = dice.randrange(6)
    if name == "a.xlsx" and way < 3:
        return name, rewritten(
            data, lambda _name, part: _hurt(part, dice) if dice.random() < 0.2 else part
        )
    return name, _hurt(data, dice)


def _hurt(data: bytes, dice: random.Random) -> bytes:
    body = bytearray(data)
    for _ in range(dice.randrange(1, 8)):
        at = dice.randrange(len(body) or 1)
        way = dice.randrange(7)
        if way == 0:
            del body[at : at + dice.randrange(1, 400)]
        elif way == 1:
            body[at:at] = dice.randbytes(dice.randrange(1, 200))
        elif way == 2:
            body[at : at + 4] = b"\xff\xff\xff\x7f"
        elif way == 3:
            body[at : at + 8] = b"\0" * 8
        elif way == 4:
            digits = [n for n, one in enumerate(body) if 48 <= one <= 57]
            for place in dice.sample(digits, min(6, len(digits))):
                body[place] = dice.choice(b"0123456789")
        elif way == 5:
            piece = bytes(body[at : at + 300])
            body[at:at] = piece * dice.randrange(1, 200)
        elif body:
            body[at % len(body)] ^= 1 << dice.randrange(8)
    return bytes(body)
