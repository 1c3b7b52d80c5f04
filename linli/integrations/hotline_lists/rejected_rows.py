"""The rows that were left, as a file somebody can correct and bring again."""

from __future__ import annotations

import csv
import io

from django.utils.translation import gettext as _

from linli.core.personal_data.crypto import open_json

# A cell that begins like this would be worked out as a formula when the file is opened.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(left: str) -> str:
    """Return the rows with their headings, and after them why each was left."""
    rejected = open_json(left) if left else {"headings": [], "rows": []}
    out = io.StringIO()
    writer = csv.writer(out)
    headings = [str(heading) for heading in rejected["headings"]]
    writer.writerow([*headings, _("没有受理的原因")])
    for row in rejected["rows"]:
        cells = [_safe(str(cell)) for cell in row["cells"]][: len(headings)]
        cells += [""] * (len(headings) - len(cells))
        writer.writerow([*cells, row["why"]])
    return out.getvalue()


def _safe(cell: str) -> str:
    """Keep a spreadsheet from working a text out: numbers stay as they are."""
    is_number = cell[1:].replace(".", "", 1).isdigit() and cell[:1] in "+-"
    return f"'{cell}" if cell.startswith(_FORMULA) and not is_number else cell


def sentences(left: str) -> list[str]:
    """Return why each row was left."""
    return [str(row["why"]) for row in open_json(left)["rows"]] if left else []
