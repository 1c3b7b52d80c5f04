"""Small files that are much work to read, and inputs that are much work to understand."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = (
    '<?xml version="1.0"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document'
    '.main+xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    'officeDocument" Target="word/document.xml"/></Relationships>'
)


def docx(body: str, head: str = "") -> bytes:
    """Pack the body of a Word document."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", RELATIONS)
        archive.writestr(
            "word/document.xml",
            f'<?xml version="1.0"?>{head}<w:document xmlns:w="{WORD}">'
            f"<w:body>{body}</w:body></w:document>",
        )
    return out.getvalue()


def _cell(text: str, span: int = 1, more: str = "") -> str:
    spans = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    return f"<w:tc><w:tcPr>{spans}{more}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"


def long_table(rows: int) -> bytes:
    """A Word table of many rows, each of one wide cell that begins nowhere new."""
    row = f"<w:tr>{_cell('姓名')}{_cell('', 20)}{_cell('住址')}</w:tr>"
    return docx(f"<w:tbl>{row * rows}</w:tbl>")


def wide_spans(rows: int) -> bytes:
    """Cells that say they span thousands of columns and go on downwards."""
    row = f"<w:tr>{_cell('姓名', 4000, '<w:vMerge/>')}{_cell('', 30000, '<w:vMerge/>')}</w:tr>"
    return docx(f"<w:tbl>{row * rows}</w:tbl>")


def nested_tables(deep: int) -> bytes:
    """Tables in cells of tables in cells."""
    return docx("<w:tbl><w:tr><w:tc>" * deep + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * deep)


def laughing(_size: int = 0) -> bytes:
    """Entities made of entities."""
    entities = "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' if n else '<!ENTITY a0 "姓名">' for n in range(10)
    )
    return docx("<w:p><w:r><w:t>&a9;</w:t></w:r></w:p>", f"<!DOCTYPE d [{entities}]>")


def huge_sheet(rows: int) -> bytes:
    """A workbook that says it reaches to its last cell, and repeats one text everywhere."""
    from tests.imports.files import xlsx

    small = io.BytesIO(xlsx([["姓名", "住址"], ["甲", "乙"]]))
    out = io.BytesIO()
    with zipfile.ZipFile(small) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            data = given.read(name)
            if name == "xl/worksheets/sheet1.xml":
                cells = "".join(
                    f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>甲</t></is></c>'
                    f'<c r="XFD{n}" t="inlineStr"><is><t>乙</t></is></c></row>'
                    for n in range(1, rows + 1)
                )
                start, end = data.index(b"<sheetData>"), data.index(b"</sheetData>")
                data = data[:start] + b"<sheetData>" + cells.encode() + data[end:]
            made.writestr(name, data)
    return out.getvalue()


def zip_of_nothing(size: int) -> bytes:
    """A packed file that becomes large."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("word/document.xml", b" " * (size * 10_000))
        archive.writestr("xl/workbook.xml", b" " * (size * 10_000))
    return out.getvalue()


def wide_text(columns: int) -> bytes:
    """A line of text with very many columns."""
    return ("姓名," * columns + "\n" + "甲," * columns).encode()


def large_picture(side: int) -> bytes:
    """A picture of a few kilobytes that says it has billions of points."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", side * 100, side * 100, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100_000, 9))
        + chunk(b"IEND", b"")
    )


# name of the file → how to make it, how large it is made
BOMBS: dict[str, tuple[Callable[[int], bytes], int]] = {
    "long.docx": (long_table, 700),
    "spans.docx": (wide_spans, 400),
    "nested.docx": (nested_tables, 300),
    "laughing.docx": (laughing, 0),
    "nothing.docx": (zip_of_nothing, 2000),
    "huge.xlsx": (huge_sheet, 300),
    "nothing.xlsx": (zip_of_nothing, 2000),
    "wide.csv": (wide_text, 20_000),
    "large.png": (large_picture, 500),
    "large.jpg": (large_picture, 500),
}
