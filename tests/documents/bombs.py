"""Files made to stop whoever opens them, each small; a name and the bytes."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
CELL = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
BLANK = "<w:tc><w:p/></w:tc>"
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a0 "哈哈哈哈哈哈哈哈哈哈">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + "]>"
)


def packed(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as box:
        for name, part in parts.items():
            box.writestr(name, part)
    return out.getvalue()


def docx(body: str, *, doctype: str = "") -> bytes:
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return packed(
        {
            **_package("word/document.xml", main),
            "word/document.xml": f'<?xml version="1.0"?>{doctype}'
            f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>',
        }
    )


def _package(main: str, kind: str) -> dict[str, str | bytes]:
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    return {
        "[Content_Types].xml": f'<?xml version="1.0"?><Types xmlns="{PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="{rels}"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{main}" ContentType="{kind}"/></Types>',
        "_rels/.rels": f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{R}/officeDocument" Target="{main}"/></Relationships>',
    }


def xlsx(sheet: str, *, doctype: str = "", strings: str = "") -> bytes:
    """A workbook with one sheet; ``sheet`` is what stands within its worksheet."""
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    parts: dict[str, str | bytes] = {
        **_package("xl/workbook.xml", main),
        "xl/workbook.xml": f'<?xml version="1.0"?><workbook xmlns="{S}" xmlns:r="{R}"><sheets>'
        '<sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<?xml version="1.0"?>'
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{R}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{R}/sharedStrings" Target="sharedStrings.xml"/>'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": f'<?xml version="1.0"?>{doctype}'
        f'<worksheet xmlns="{S}">{sheet}</worksheet>',
        "xl/sharedStrings.xml": f'<?xml version="1.0"?><sst xmlns="{S}">{strings}</sst>',
    }
    return packed(parts)


def _table(rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{rows}</w:tbl>"


def labels() -> bytes:
    """The first file of the attack: a card of some thousand labels."""
    return docx(_table(f"<w:tr>{CELL.format('姓名')}{BLANK}</w:tr>" * 4900))


def lists() -> bytes:
    """The second file of the attack: each row heads a list of its own."""
    row = f"<w:tr>{CELL.format('社区')}{CELL.format('60岁以上')}</w:tr>"
    return docx(_table(row * 4900))


def wide_spans() -> bytes:
    cell = '<w:tc><w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr><w:p/></w:tc>'
    return docx(_table(f"<w:tr>{cell}{cell}</w:tr>" * 3))


def nested() -> bytes:
    table, depth = "<w:tbl><w:tr><w:tc>{}<w:p/></w:tc></w:tr></w:tbl>", 3000
    opened, closed = table.split("{}")
    return docx(opened * depth + closed * depth)


def boxes() -> bytes:
    """Text boxes within text boxes: each level once doubled the work."""
    opened = "<w:p><w:r><w:pict><w:txbxContent>"
    closed = "</w:txbxContent></w:pict></w:r></w:p>"
    return docx(opened * 45 + closed * 45)


def laughs_in_word() -> bytes:
    body = f"<w:p><w:r><w:t>&a9;</w:t></w:r></w:p>{_table(f'<w:tr>{BLANK}</w:tr>')}"
    return docx(body, doctype=LAUGHS)


def laughs_in_excel() -> bytes:
    cell = '<c r="A1" t="inlineStr"><is><t>&a9;</t></is></c>'
    return xlsx(f'<sheetData><row r="1">{cell}</row></sheetData>', doctype=LAUGHS)


def zip_in_word() -> bytes:
    return docx("<w:p/>" + " " * (200 << 20))


def zip_in_excel() -> bytes:
    return xlsx("<sheetData/>" + " " * (200 << 20))


def far() -> bytes:
    """Two cells, and all that the format allows between them."""
    corner = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    first = '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c></row>'
    return xlsx(f'<dimension ref="A1:XFD1048576"/><sheetData>{first}{corner}</sheetData>')


def merged() -> bytes:
    cells = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(2, 100_002))
    first = '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c></row>'
    return xlsx(f"<sheetData>{first}</sheetData><mergeCells>{cells}</mergeCells>")


def merged_whole() -> bytes:
    first = '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c></row>'
    whole = '<mergeCell ref="A1:XFD1048576"/>' * 5
    return xlsx(f"<sheetData>{first}</sheetData><mergeCells>{whole}</mergeCells>")


def strings() -> bytes:
    return xlsx("<sheetData/>", strings=f"<si><t>{'字' * 1000}</t></si>" * 40_000)


def pixels() -> bytes:
    """A picture that says it is 50,000 pixels wide and high."""
    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(bytes(9)))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def cut(make: Callable[[], bytes]) -> bytes:
    whole = make()
    return whole[: len(whole) * 2 // 3]


# Those that once stopped the product or could; by night all of them, at every door.
BY_DAY: dict[str, Callable[[], bytes]] = {
    "labels.docx": labels,
    "lists.docx": lists,
    "spans.docx": wide_spans,
    "nested.docx": nested,
    "boxes.docx": boxes,
    "laughs.docx": laughs_in_word,
    "laughs.xlsx": laughs_in_excel,
    "far.xlsx": far,
    "merged.xlsx": merged_whole,
    "pixels.png": pixels,
    "cut.docx": lambda: cut(labels),
    "cut.xlsx": lambda: cut(merged),
    "cut.png": lambda: cut(pixels),
}
BY_NIGHT = {
    **BY_DAY,
    "zip.docx": zip_in_word,
    "zip.xlsx": zip_in_excel,
    "ranges.xlsx": merged,
    "strings.xlsx": strings,
}
# What a list has of these is not laid out: it is read, and asks for headings afterwards.
HARMLESS = {"merged.xlsx", "ranges.xlsx"}
