"""The rows that were refused, with the reason beside each: put right, they are brought again."""

from __future__ import annotations

from datetime import date, time

from django.utils.translation import gettext as _

from linli.core.interface.workbook import CellValue as Written
from linli.core.interface.workbook import WorkbookSheet, write
from linli.core.personal_data.watermark import number_of
from linli.core.time import now
from linli.workbench.imports.column_recognition import Words
from linli.workbench.imports.encrypted_rows import opened_or_none
from linli.workbench.imports.headings import SheetTable, table_of
from linli.workbench.imports.models import Batch
from linli.workbench.imports.presenters import problem_words
from linli.workbench.imports.queries import rows_of
from linli.workbench.imports.reading import BadCell, SheetAsRead
from linli.workbench.imports.reading.parsed_file import CellValue
from linli.workbench.imports.terms import RowFate

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_workbook(batch: Batch, sheet: SheetAsRead, words: Words) -> bytes:
    """Return the refused rows as the list had them, merged values filled in, and why."""
    table = table_of(sheet, words.knows, fill_down=batch.fill_down)
    reasons = {
        row.number: "；".join(
            problem_words(one) for one in (opened_or_none(row.told) or {}).get("problems", [])
        )
        for row in rows_of(batch, [RowFate.REFUSED])
    }
    headings, rows = _laid_out(table, reasons) if table else ([], [])
    about = [
        (_("来自"), batch.file_name),
        (_("怎么用"), _("改正后把这个文件重新上传；最后一列不会导入")),
    ]
    number = number_of(f"imports.refused:{batch.pk}:{now():%Y%m%d%H%M}")
    return write(WorkbookSheet(_("不能导入的行"), headings, rows), about=about, number=number)


def _laid_out(table: SheetTable, reasons: dict[int, str]) -> tuple[list[str], list[list[Written]]]:
    columns = [heading.column for heading in table.headings]
    headings = [" ".join(heading.parts[-1:]) for heading in table.headings]
    rows: list[list[Written]] = [
        [*(_cell(row.cell(column)) for column in columns), reasons[row.number]]
        for row in table.rows
        if row.number in reasons
    ]
    return [*headings, _("不能导入的原因")], rows


def _cell(cell: CellValue) -> Written:
    if isinstance(cell, BadCell):
        return cell.text
    if isinstance(cell, time):
        return cell.isoformat()
    # Long numbers stay text: a spreadsheet would damage them once more.
    is_long = isinstance(cell, int) and not isinstance(cell, bool) and abs(cell) > 10**10
    return str(cell) if is_long else cell if not isinstance(cell, date) else cell.isoformat()[:10]
